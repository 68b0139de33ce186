package posthaste.testing.s3;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/** The faults that are switched on. */
public final class S3Faults {
    private final List<Active> active = new ArrayList<>();
    private final Random random;
    private long cleared;

    private static final class Active {
        private final S3Fault fault;
        private long left;

        Active(S3Fault fault) {
            this.fault = fault;
            this.left = fault.times();
        }
    }

    /** What {@code seed} gives is the same each time, as far as the order of requests is. */
    S3Faults(long seed) {
        this.random = new Random(seed);
    }

    /** From now on; beside those that are switched on already. */
    public synchronized void add(S3Fault fault) {
        active.add(new Active(fault));
    }

    /** All is well from now on; who was stalled is cut off. */
    public synchronized void clear() {
        active.clear();
        cleared++;
        notifyAll();
    }

    /** Those that are switched on and not used up. */
    public synchronized List<S3Fault> current() {
        return active.stream().map(one -> one.fault).toList();
    }

    /** What happens to this request, in the order in which it was switched on. */
    synchronized List<S3Fault> decide(S3Operation operation, String key) {
        List<S3Fault> faults = new ArrayList<>();
        for (Iterator<Active> all = active.iterator(); all.hasNext(); ) {
            Active one = all.next();
            if (one.fault.concerns(operation, key) && random.nextDouble() < one.fault.share()) {
                faults.add(one.fault);
                if (--one.left <= 0) {
                    all.remove();
                }
            }
        }
        return faults;
    }

    /** How often all was cleared: a stall lasts until this changes. */
    synchronized long epoch() {
        return cleared;
    }

    synchronized void awaitClear(long epoch) throws InterruptedException {
        while (cleared == epoch) {
            wait();
        }
    }
}
