package posthaste.standalone.command;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import posthaste.body.BodyCopier;
import posthaste.body.BodyStore;
import posthaste.body.inventory.BodyInventory;
import posthaste.bounce.audit.QueueTopics;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.LogDatabase;
import posthaste.bounce.deliverylog.LogRecovery;
import posthaste.outbound.settlement.BodyBounds;
import posthaste.queue.MailQueue;
import posthaste.service.lifecycle.QueuePreparation;
import posthaste.service.settings.BodyProperties;
import posthaste.service.settings.QueueProperties;
import posthaste.service.settings.RetryProperties;
import posthaste.standalone.installation.Installation;
import posthaste.standalone.installation.InstallationUnavailableException;
import posthaste.standalone.recovery.QueueRecovery;
import posthaste.standalone.recovery.RecoveryReport;
import posthaste.standalone.recovery.Requeuing;
import posthaste.standalone.recovery.UnknownStreamException;

/** The queue anew, after the loss of all of Kafka. */
@Command(
        name = "recover",
        description =
                "rebuilds the queue from bodies and log alone, after the loss of all of Kafka")
final class RecoverCommand extends PosthasteCommand {
    @Mixin private final Output output = new Output();

    @Option(names = "--dry-run", description = "only count what would be queued")
    private boolean dryRun;

    @Option(
            names = "--force",
            description =
                    "go on though the topics have held records, as after a recovery that was broken"
                            + " off; what is queued is not queued again. No service may run")
    private boolean force;

    @Option(
            names = "--without-log",
            description =
                    "go on without the delivery log; whatever has a body is sent, delivered or not")
    private boolean withoutLog;

    @Override
    protected ExitStatus carryOut() throws Exception {
        try (Installation installation = Installation.open(settings().properties())) {
            if (installation.kind() == Installation.Kind.RUNNING) {
                throw new CommandFailedException(
                        "Posthaste runs on this data folder; stop it first ('./posthaste stop').");
            }
            // A topic that is missing is made: whether there are records cannot be asked of none.
            installation.part(QueuePreparation.class).start();
            QueueRecovery recovery = recovery(installation);
            if (!dryRun && !force && recovery.queueIsInUse()) {
                throw new CommandFailedException(
                        "the topics have held records, so this queue is not lost. If it is what a"
                                + " recovery that was broken off has left, repeat it with --force.");
            }
            RecoveryReport report =
                    recovery.run(dryRun ? Optional.empty() : Optional.of(requeuing(installation)));
            output.print(report, lines(report));
            return report.lost() > 0 ? ExitStatus.FOUND : ExitStatus.FINE;
        } catch (UnknownStreamException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    private QueueRecovery recovery(Installation installation)
            throws InstallationUnavailableException, InterruptedException {
        LogDatabase database = installation.log();
        return new QueueRecovery(
                installation.part(BodyInventory.class),
                installation.part(MailQueue.class).scanner(),
                QueueTopics.of(
                        installation.part(QueueProperties.class).streams(),
                        installation.part(RetryProperties.class).delayTiers()),
                withoutLog
                        ? Optional.empty()
                        : Optional.of(
                                new QueueRecovery.Log(
                                        new LogAccounts(database), new LogRecovery(database))));
    }

    private static Requeuing requeuing(Installation installation)
            throws InstallationUnavailableException {
        BodyProperties bodies = installation.part(BodyProperties.class);
        return new Requeuing(
                new BodyCopier(installation.part(BodyStore.class)),
                installation.part(MailQueue.class).publisher(),
                new BodyBounds(bodies.primaryBound(), bodies.deferredBound()),
                installation.part(InstantSource.class));
    }

    private static List<String> lines(RecoveryReport report) {
        String queued = report.dryRun() ? "would be queued" : "queued";
        List<String> lines = new ArrayList<>();
        lines.add(
                "%d objects read, with %d entries (%d damaged) and %d bytes that are no entry."
                        .formatted(
                                report.objects(),
                                report.entries(),
                                report.damagedEntries(),
                                report.damagedBytes()));
        lines.add(
                "%d recipients %s, in %d records:"
                        .formatted(report.resent() + report.unknown(), queued, report.records()));
        lines.add(
                "  %8d open in the delivery log; who was settled in the last moments gets it twice"
                        .formatted(report.resent()));
        lines.add(
                "  %8d unknown to it: accepted in the last moments, delivered or not, or answered 451"
                        .formatted(report.unknown()));
        lines.add("%d recipients skipped:".formatted(report.settled() + report.queued()));
        lines.add("  %8d delivered, bounced, expired or removed".formatted(report.settled()));
        lines.add("  %8d in a queue already".formatted(report.queued()));
        lines.add("%d recipients LOST: open, without an intact body.".formatted(report.lost()));
        report.lostIds().forEach(lost -> lines.add("  " + lost.id() + " " + lost.recipient()));
        return lines;
    }
}
