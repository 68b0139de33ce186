package posthaste.bounce.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueUnavailableException;

/** Shows what is queued; who asks again soon gets the same answer, since a look reads it all. */
public final class QueueView {
    private static final Duration FRESH = Duration.ofSeconds(2);
    private static final int TRACKED = 50_000;
    private static final int NAMED = 200;

    private final QueueScanner scanner;
    private final QueueTopics topics;
    private final InstantSource clock;
    private final ReentrantLock looking = new ReentrantLock();
    private @Nullable QueueOverview latest;
    private long tookMillis;

    public QueueView(QueueScanner scanner, QueueTopics topics, InstantSource clock) {
        this.scanner = scanner;
        this.topics = topics;
        this.clock = clock;
    }

    /** The queue of now, or of a few seconds ago. */
    public QueueOverview look() throws QueueUnavailableException, InterruptedException {
        looking.lockInterruptibly();
        try {
            QueueOverview known = latest;
            Instant now = clock.instant();
            if (known != null) {
                long fresh = Math.max(FRESH.toMillis(), tookMillis * 5);
                if (Duration.between(known.asOf(), now).abs().toMillis() < fresh) {
                    return known;
                }
            }
            long begun = System.nanoTime();
            QueueCensus census = new QueueCensus(topics, TRACKED);
            for (QueueTopics.Queue queue : topics.queues()) {
                scanner.scan(queue.group(), queue.topics(), census::add);
            }
            QueueOverview overview = census.overview(now, NAMED);
            latest = overview;
            tookMillis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
            return overview;
        } finally {
            looking.unlock();
        }
    }
}
