package posthaste.standalone.command;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import posthaste.bounce.deliverylog.DeliveryLog;
import posthaste.bounce.deliverylog.LogReindex;
import posthaste.mail.record.Topics;
import posthaste.queue.MailQueue;
import posthaste.service.settings.QueueProperties;
import posthaste.standalone.installation.Installation;

/** The delivery log from the topics, as far back as they reach. */
@Command(
        name = "reindex",
        description =
                "reads mail.events and the acceptances again into the delivery log, as far back as"
                        + " they reach; also beside the running services")
final class ReindexCommand extends PosthasteCommand {
    /** Of any topic: written after the first mail of all. */
    private static final Instant BEGINNING = Instant.EPOCH;

    private static final int BATCH = 2_000;
    private static final int BATCHES_TOLD = 50;

    @Mixin private final Output output = new Output();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "what was written then or later: 2h, 7d, 2026-11-22T08:30")
    private @Nullable String since;

    @Spec private CommandSpec spec = CommandSpec.create();

    private long batches;

    /**
     * What was done.
     *
     * @param records read, those that the log had already included
     */
    private record Report(long records) {}

    @Override
    protected ExitStatus carryOut() throws Exception {
        try (Installation installation = Installation.open(settings().properties())) {
            InstantSource clock = installation.part(InstantSource.class);
            Instant from = SinceOption.read(this, since, clock.instant()).orElse(BEGINNING);
            DeliveryLog log =
                    new DeliveryLog(
                            installation.log(),
                            1,
                            RulesInForce.of(installation.environment()),
                            clock,
                            new SimpleMeterRegistry());
            List<String> topics = new ArrayList<>();
            installation
                    .part(QueueProperties.class)
                    .streams()
                    .forEach(stream -> topics.add(Topics.outbound(stream)));
            topics.add(Topics.EVENTS);
            long records =
                    new LogReindex(log, installation.part(MailQueue.class).scanner(), BATCH)
                            .run(topics, from, this::tell);
            output.print(
                    new Report(records),
                    List.of(
                            "%d records read; the delivery log has all that they tell."
                                    .formatted(records)));
            return ExitStatus.FINE;
        }
    }

    private void tell(LogReindex.Progress progress) {
        batches++;
        if (batches % BATCHES_TOLD == 0) {
            PrintWriter err = spec.commandLine().getErr();
            err.printf(
                    "%s: %d records, up to %s%n",
                    progress.topic(), progress.records(), progress.writtenAt());
            err.flush();
        }
    }
}
