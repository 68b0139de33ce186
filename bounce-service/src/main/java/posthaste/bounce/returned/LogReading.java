package posthaste.bounce.returned;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueUnavailableException;

/**
 * How far the log has read of the mails that were accepted. What it does not know is unknown only
 * once it has read them all, whatever the time is: the database may have been away for days.
 */
final class LogReading {
    /** Usually it is behind by moments; a bounce may be faster. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofMillis(200);

    private final LogAccounts accounts;
    private final QueueScanner scanner;
    private final List<String> topics;
    private final Duration patience;
    private final ReentrantLock looking = new ReentrantLock();
    private long lookedAt = System.nanoTime();

    /**
     * Takes what tells.
     *
     * @param topics that accept mail
     * @param patience after which a report comes again later
     */
    LogReading(LogAccounts accounts, QueueScanner scanner, List<String> topics, Duration patience) {
        this.accounts = accounts;
        this.scanner = scanner;
        this.topics = List.copyOf(topics);
        this.patience = patience;
    }

    /**
     * Returns once the log has read every mail that was accepted before this call. Of many who ask
     * at once, one looks for all: anybody can send reports of mails that never were.
     *
     * @throws PartUnavailableException when it does not come to that in short
     */
    void awaitAllAccepted()
            throws LogUnavailableException, PartUnavailableException, InterruptedException {
        long asked = System.nanoTime();
        looking.lockInterruptibly();
        try {
            if (lookedAt - asked <= 0) {
                long begun = System.nanoTime();
                awaitAllRead(asked);
                lookedAt = begun;
            }
        } finally {
            looking.unlock();
        }
    }

    private void awaitAllRead(long asked)
            throws LogUnavailableException, PartUnavailableException, InterruptedException {
        Map<String, List<Long>> ends = ends();
        long behind = accounts.behind(ends);
        while (behind > 0) {
            if (System.nanoTime() - asked > patience.toNanos()) {
                throw new PartUnavailableException(
                        "reports wait for the delivery log, which has %d records to read"
                                .formatted(behind));
            }
            Thread.sleep(LOOK);
            behind = accounts.behind(ends);
        }
    }

    private Map<String, List<Long>> ends() throws PartUnavailableException, InterruptedException {
        Map<String, List<Long>> ends = new HashMap<>();
        try {
            for (String topic : topics) {
                ends.put(topic, scanner.ends(topic));
            }
        } catch (QueueUnavailableException e) {
            throw new PartUnavailableException("reports wait for the broker", e);
        }
        return ends;
    }
}
