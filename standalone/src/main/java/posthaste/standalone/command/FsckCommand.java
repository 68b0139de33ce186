package posthaste.standalone.command;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import posthaste.body.BodyStore;
import posthaste.body.inventory.BodyInventory;
import posthaste.bounce.audit.Audit;
import posthaste.bounce.audit.AuditProperties;
import posthaste.bounce.audit.AuditReport;
import posthaste.bounce.audit.QueueTopics;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.queue.MailQueue;
import posthaste.queue.QueueScanner;
import posthaste.service.settings.QueueProperties;
import posthaste.service.settings.RetryProperties;
import posthaste.standalone.check.StoreCheck;
import posthaste.standalone.check.StoreReport;
import posthaste.standalone.installation.Installation;

/** Whether queue, bodies and log fit together. */
@Command(
        name = "fsck",
        description = "checks that queue, bodies and delivery log fit together; changes nothing")
final class FsckCommand extends PosthasteCommand {
    /** A large mail may take as long as its session; this is far longer. */
    private static final Duration UNFINISHED_AGE = Duration.ofDays(1);

    @Mixin private final Output output = new Output();

    @Option(names = "--all", description = "read every body, not only those that a record names")
    private boolean all;

    @Option(
            names = "--repair",
            description =
                    "remove uploads that nobody finished in a day and, if Posthaste is stopped,"
                            + " bodies that no record names")
    private boolean repair;

    /**
     * The answer.
     *
     * @param log what the audit found; absent when the log could not be asked
     * @param logProblem why not
     * @param unfinishedRemoved large bodies that were begun and never committed
     */
    private record FsckReport(
            StoreReport store,
            @Nullable AuditReport log,
            String logProblem,
            int unfinishedRemoved) {}

    @Override
    protected ExitStatus carryOut() throws Exception {
        try (Installation installation = Installation.open(settings().properties())) {
            BodyInventory inventory = installation.part(BodyInventory.class);
            QueueScanner scanner = installation.part(MailQueue.class).scanner();
            Instant now = installation.part(InstantSource.class).instant();
            QueueTopics topics =
                    QueueTopics.of(
                            installation.part(QueueProperties.class).streams(),
                            installation.part(RetryProperties.class).delayTiers());
            // Beside services that run a record may be on its way from one topic to the next, and
            // be seen on neither: what seems to be named by none is then not safe to remove.
            boolean isStopped = installation.kind() == Installation.Kind.STOPPED;
            StoreReport store =
                    new StoreCheck(
                                    scanner,
                                    topics,
                                    inventory,
                                    installation.part(BodyStore.class),
                                    now)
                            .run(new StoreCheck.Scope(all, repair && isStopped));
            Optional<AuditReport> audit = Optional.empty();
            String problem = "";
            try {
                audit =
                        Optional.of(
                                new Audit(
                                                new LogAccounts(installation.log()),
                                                scanner,
                                                topics,
                                                installation.part(InstantSource.class),
                                                installation.part(AuditProperties.class))
                                        .run());
            } catch (LogUnavailableException e) {
                problem = String.valueOf(e.getMessage());
            }
            int unfinished = repair ? inventory.deleteUnfinished(now.minus(UNFINISHED_AGE)) : 0;
            FsckReport report = new FsckReport(store, audit.orElse(null), problem, unfinished);
            output.print(report, lines(report, isStopped));
            boolean unaccounted = audit.map(found -> found.unaccounted() > 0).orElse(false);
            return store.hasLoss() || unaccounted ? ExitStatus.FOUND : ExitStatus.FINE;
        }
    }

    private List<String> lines(FsckReport report, boolean isStopped) {
        StoreReport store = report.store();
        List<String> lines = new ArrayList<>();
        lines.add(
                "%d queued records name %d bodies: %d missing, %d damaged."
                        .formatted(
                                store.records(), store.bodies(), store.missing(), store.damaged()));
        store.lost()
                .forEach(lost ->
                        lines.add(
                                "  %s on %s-%d@%d: %s is %s"
                                        .formatted(
                                                lost.id(),
                                                lost.topic(),
                                                lost.partition(),
                                                lost.offset(),
                                                lost.body(),
                                                lost.problem())));
        lines.add("%d objects in the store, %d bytes.".formatted(store.objects(), store.bytes()));
        if (all) {
            lines.add(
                    "%d entries in them: %d damaged; %d bytes are no entry."
                            .formatted(
                                    store.entries(), store.damagedEntries(), store.damagedBytes()));
            store.damagedObjects().forEach(key -> lines.add("  " + key));
        }
        lines.add(
                "%d objects (%d bytes) are older than an hour and named by no record: %s."
                        .formatted(
                                store.orphans(),
                                store.orphanBytes(),
                                repair && isStopped
                                        ? store.removed() + " removed"
                                        : "garbage, which the janitor takes"));
        if (repair) {
            lines.add("%d unfinished uploads removed.".formatted(report.unfinishedRemoved()));
        }
        AuditReport log = report.log();
        if (log == null) {
            lines.add("The delivery log was not compared: " + report.logProblem());
        } else if (!log.judged()) {
            lines.add(
                    ("The delivery log was not compared: it is %d records behind; let Posthaste run"
                                    + " until it has read them.")
                            .formatted(log.behind()));
        } else {
            lines.add(
                    "%d recipients without an outcome are in no queue."
                            .formatted(log.unaccounted()));
            log.unaccountedIds().forEach(one -> lines.add("  " + one.id() + " " + one.recipient()));
        }
        return lines;
    }
}
