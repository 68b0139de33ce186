package posthaste.queue.kafka;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import posthaste.queue.ConsumerStatistics;

/** Written by a loop, read by anyone. */
final class LoopStatistics implements ConsumerStatistics {
    final LongAdder settled = new LongAdder();
    final LongAdder poisoned = new LongAdder();
    final LongAdder condemned = new LongAdder();
    final LongAdder partUnavailable = new LongAdder();
    final LongAdder unexpected = new LongAdder();
    final LongAdder resent = new LongAdder();
    final LongAdder commits = new LongAdder();
    final LongAdder positionsLost = new LongAdder();
    volatile int inFlight;
    volatile int partitions;
    volatile int pausedPartitions;
    volatile int partitionsOfNewerVersion;
    volatile int suspects;
    volatile int metadataLength;
    private volatile long turnedAt = System.nanoTime();

    void turned() {
        turnedAt = System.nanoTime();
    }

    @Override
    public long settled() {
        return settled.sum();
    }

    @Override
    public long poisoned() {
        return poisoned.sum();
    }

    @Override
    public long condemned() {
        return condemned.sum();
    }

    @Override
    public int suspects() {
        return suspects;
    }

    @Override
    public long partUnavailable() {
        return partUnavailable.sum();
    }

    @Override
    public long unexpected() {
        return unexpected.sum();
    }

    @Override
    public long resent() {
        return resent.sum();
    }

    @Override
    public long commits() {
        return commits.sum();
    }

    @Override
    public long positionsLost() {
        return positionsLost.sum();
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public int partitions() {
        return partitions;
    }

    @Override
    public int pausedPartitions() {
        return pausedPartitions;
    }

    @Override
    public int partitionsOfNewerVersion() {
        return partitionsOfNewerVersion;
    }

    @Override
    public int metadataLength() {
        return metadataLength;
    }

    @Override
    public Duration lastTurn() {
        return Duration.ofNanos(System.nanoTime() - turnedAt);
    }
}
