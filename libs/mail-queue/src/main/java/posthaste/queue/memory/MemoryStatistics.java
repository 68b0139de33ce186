package posthaste.queue.memory;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import posthaste.queue.ConsumerStatistics;

/** Counts; what memory has no such thing of stays 0. */
final class MemoryStatistics implements ConsumerStatistics {
    final AtomicLong settled = new AtomicLong();
    final AtomicLong poisoned = new AtomicLong();
    final AtomicLong partUnavailable = new AtomicLong();
    final AtomicLong unexpected = new AtomicLong();
    final AtomicInteger inFlight = new AtomicInteger();
    final AtomicInteger newerPartitions = new AtomicInteger();

    @Override
    public long settled() {
        return settled.get();
    }

    @Override
    public long poisoned() {
        return poisoned.get();
    }

    /** Nothing outlives a process here. */
    @Override
    public long condemned() {
        return 0;
    }

    @Override
    public int suspects() {
        return 0;
    }

    @Override
    public long partUnavailable() {
        return partUnavailable.get();
    }

    @Override
    public long unexpected() {
        return unexpected.get();
    }

    @Override
    public long resent() {
        return 0;
    }

    @Override
    public long commits() {
        return settled.get();
    }

    @Override
    public long positionsLost() {
        return 0;
    }

    @Override
    public int inFlight() {
        return inFlight.get();
    }

    @Override
    public int partitions() {
        return 0;
    }

    @Override
    public int pausedPartitions() {
        return 0;
    }

    @Override
    public int partitionsOfNewerVersion() {
        return newerPartitions.get();
    }

    @Override
    public int metadataLength() {
        return 0;
    }

    @Override
    public Duration lastTurn() {
        return Duration.ZERO;
    }
}
