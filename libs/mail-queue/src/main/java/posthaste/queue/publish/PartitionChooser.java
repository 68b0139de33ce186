package posthaste.queue.publish;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Chooses partitions by routing key and bucket: a key uses one bucket while it is quiet, so that
 * one consumer has its warm connections, and one more for each further {@code recordsPerBucket} in
 * a second, so that no key is bound to one machine.
 *
 * <p>The empty key is for records that no place suits better than another: for a while they all go
 * to one partition, since each partition that a batch touches costs a write of its own.
 */
public final class PartitionChooser {
    private static final long WINDOW_NANOS = 1_000_000_000L;

    /** How long records of the empty key stay together: some of a producer's batches. */
    private static final long STAY_NANOS = 20_000_000L;

    /** Keys whose rate is remembered; a forgotten one begins again as a quiet one. */
    private static final int KEYS = 10_000;

    private final int recordsPerBucket;
    private final LongSupplier nanoTime;
    private final long begin;
    private final Map<String, Rate> rates =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Rate> eldest) {
                    return size() > KEYS;
                }
            };

    /**
     * @param recordsPerBucket in a second, above which a key takes one bucket more
     * @param nanoTime as {@link System#nanoTime}
     */
    public PartitionChooser(int recordsPerBucket, LongSupplier nanoTime) {
        this.recordsPerBucket = recordsPerBucket;
        this.nanoTime = nanoTime;
        this.begin = nanoTime.getAsLong();
    }

    /** A partition from 0 to {@code partitions} - 1. Any thread may ask. */
    public int choose(String routingKey, int partitions) {
        long now = nanoTime.getAsLong() - begin;
        if (routingKey.isEmpty()) {
            return (int) (now / STAY_NANOS % partitions);
        }
        int bucket;
        synchronized (rates) {
            bucket = rates.computeIfAbsent(routingKey, _ -> new Rate()).next(now, partitions);
        }
        return Math.floorMod(spread(routingKey.hashCode()) + bucket, partitions);
    }

    /** Murmur3's last step: similar names are not to be neighbours. */
    private static int spread(int hash) {
        int h = (hash ^ hash >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    /** One key's records: how many in this window and in the one before. */
    private final class Rate {
        private long window;
        private int count;
        private int before;

        int next(long now, int partitions) {
            long current = now / WINDOW_NANOS;
            if (current != window) {
                before = current == window + 1 ? count : 0;
                count = 0;
                window = current;
            }
            int rate = Math.max(before, count);
            int buckets = Math.min(partitions, 1 + rate / recordsPerBucket);
            return count++ % buckets;
        }
    }
}
