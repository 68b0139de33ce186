package posthaste.queue.control;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** Counted by who carries facts. */
public final class FactCounters implements FactStatistics {
    public final LongAdder written = new LongAdder();
    public final LongAdder dropped = new LongAdder();
    public final LongAdder told = new LongAdder();
    public final LongAdder unreadable = new LongAdder();
    public final LongAdder failed = new LongAdder();
    private final IntSupplier waiting;
    private volatile boolean whole;

    public FactCounters(IntSupplier waiting) {
        this.waiting = waiting;
    }

    /** All that stood in the topic at the start has been told. */
    public void whole() {
        whole = true;
    }

    @Override
    public long written() {
        return written.sum();
    }

    @Override
    public long dropped() {
        return dropped.sum();
    }

    @Override
    public long told() {
        return told.sum();
    }

    @Override
    public long unreadable() {
        return unreadable.sum();
    }

    @Override
    public long failed() {
        return failed.sum();
    }

    @Override
    public int waiting() {
        return waiting.getAsInt();
    }

    @Override
    public boolean isWhole() {
        return whole;
    }
}
