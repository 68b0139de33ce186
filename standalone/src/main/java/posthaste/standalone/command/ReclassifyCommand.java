package posthaste.standalone.command;

import java.io.PrintWriter;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import posthaste.bounce.deliverylog.Reclassification;
import posthaste.standalone.installation.Installation;

/** Today's rules, applied to the past. */
@Command(
        name = "reclassify",
        description =
                "applies today's bounce rules to the events in the delivery log, and corrects its"
                        + " charts; also beside the running services")
final class ReclassifyCommand extends PosthasteCommand {
    @Mixin private final Output output = new Output();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "of mails accepted on that day or later: 7d, 2026-11-22")
    private @Nullable String since;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    protected ExitStatus carryOut() throws Exception {
        try (Installation installation = Installation.open(settings().properties())) {
            InstantSource clock = installation.part(InstantSource.class);
            Optional<LocalDate> from =
                    SinceOption.read(this, since, clock.instant())
                            .map(time -> LocalDate.ofInstant(time, ZoneOffset.UTC));
            Reclassification.Report report =
                    new Reclassification(
                                    installation.log(), RulesInForce.of(installation.environment()))
                            .run(from, this::tell);
            output.print(
                    report,
                    List.of(
                            "%d different replies, %d of which mean something else today."
                                    .formatted(report.replies(), report.otherwise()),
                            "%d events have another class than before, %d had none."
                                    .formatted(report.changed(), report.added())));
            return ExitStatus.FINE;
        }
    }

    private void tell(LocalDate day, long changed) {
        PrintWriter err = spec.commandLine().getErr();
        err.printf("%s: %d events%n", day, changed);
        err.flush();
    }
}
