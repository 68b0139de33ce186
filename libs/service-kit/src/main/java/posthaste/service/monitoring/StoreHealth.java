package posthaste.service.monitoring;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import posthaste.service.storage.StorageGuard;

/**
 * Whether bodies can be kept: there is room on the watched disks, and a store that is elsewhere
 * answers. A process without room, or without a store, does no work.
 */
public final class StoreHealth extends AbstractHealthIndicator {
    private static final Duration COUNTS_FOR = Duration.ofSeconds(5);

    private final StorageGuard guard;
    private final Trouble store;
    private final ReentrantLock asking = new ReentrantLock();
    private Optional<String> trouble = Optional.empty();
    private long askedAt = System.nanoTime() - COUNTS_FOR.toNanos();

    /** Asks a store what is wrong with it, if anything. */
    @FunctionalInterface
    public interface Trouble {
        Optional<String> ask() throws InterruptedException;
    }

    /** With a store whose disks are watched, so that there is nothing to ask. */
    public StoreHealth(StorageGuard guard) {
        this(guard, Optional::empty);
    }

    /** With a store that is asked at most every few seconds, however often probes come. */
    public StoreHealth(StorageGuard guard, Trouble store) {
        super("the free space cannot be told");
        this.guard = guard;
        this.store = store;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws InterruptedException {
        Optional<String> wrong = trouble();
        boolean works = guard.acceptsMail() && wrong.isEmpty();
        builder.status(works ? Status.UP : Status.OUT_OF_SERVICE)
                .withDetail("room", guard.room())
                .withDetail("freeBytes", guard.free());
        wrong.ifPresent(reason -> builder.withDetail("reason", reason));
    }

    private Optional<String> trouble() throws InterruptedException {
        asking.lockInterruptibly();
        try {
            if (System.nanoTime() - askedAt >= COUNTS_FOR.toNanos()) {
                trouble = store.ask();
                askedAt = System.nanoTime();
            }
            return trouble;
        } finally {
            asking.unlock();
        }
    }
}
