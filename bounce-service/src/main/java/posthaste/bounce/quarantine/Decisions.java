package posthaste.bounce.quarantine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import posthaste.mail.record.QuarantineOrder;
import posthaste.mail.record.Topics;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.QueuedRecord;

/**
 * What has been decided, as the topic of the orders has it: about each job the first order that
 * stands in its partition. Orders stay there when they are carried out, for longer than what they
 * are about, so a look at all of them tells everything and nothing has to be kept in step.
 */
public final class Decisions {
    /** Settles nothing, so that a scan on its behalf sees all. */
    private static final String NOBODY = "posthaste-quarantine-view";

    private final QueueScanner scanner;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Seen latest = new Seen(Map.of());
    private long latestBegun;
    private boolean hasLooked;

    /** Where an order stands. */
    private record Place(int partition, long offset) {}

    public Decisions(QueueScanner scanner) {
        this.scanner = scanner;
    }

    /** What is decided, at least as of the moment at which this is called. */
    public static final class Seen {
        private final Map<String, Place> places;

        private Seen(Map<String, Place> places) {
            this.places = places;
        }

        /** Whether there is an order about a job. */
        public boolean isDecided(String jobId) {
            return places.containsKey(jobId);
        }

        /** Whether this very order is the first about its job. */
        boolean counts(QueuedRecord record, QuarantineOrder order) {
            return new Place(record.partition(), record.offset())
                    .equals(places.get(order.job().id()));
        }
    }

    /**
     * Whether this very order is the first about its job. Once that was seen it stays so; only a
     * denial wants a new look. So an order about a hundred thousand mails costs some looks at all
     * orders, and not one for each of them.
     */
    boolean count(QueuedRecord record, QuarantineOrder order)
            throws QueueUnavailableException, InterruptedException {
        return latest.counts(record, order) || look().counts(record, order);
    }

    /** Looks; those who ask while somebody looks share the next look. */
    public Seen look() throws QueueUnavailableException, InterruptedException {
        long asked = System.nanoTime();
        looking.lockInterruptibly();
        try {
            if (!hasLooked || latestBegun - asked < 0) {
                long begun = System.nanoTime();
                Map<String, Place> read = new HashMap<>();
                scanner.scan(
                        NOBODY,
                        List.of(Topics.QUARANTINE_ORDERS),
                        record -> {
                            if (record.content() instanceof QuarantineOrder order) {
                                read.merge(
                                        order.job().id(),
                                        new Place(record.partition(), record.offset()),
                                        Decisions::first);
                            }
                        });
                latest = new Seen(read);
                latestBegun = begun;
                hasLooked = true;
            }
            return latest;
        } finally {
            looking.unlock();
        }
    }

    /** Always the same one, also should a topic have been given more partitions in between. */
    private static Place first(Place one, Place other) {
        if (one.partition() != other.partition()) {
            return one.partition() < other.partition() ? one : other;
        }
        return one.offset() <= other.offset() ? one : other;
    }
}
