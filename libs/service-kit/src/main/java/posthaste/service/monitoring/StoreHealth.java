package posthaste.service.monitoring;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import posthaste.service.storage.StorageGuard;

/** Whether there is room on the watched disks: a process without room does no work. */
public final class StoreHealth extends AbstractHealthIndicator {
    private final StorageGuard guard;

    public StoreHealth(StorageGuard guard) {
        super("the free space cannot be told");
        this.guard = guard;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.status(guard.acceptsMail() ? "UP" : "OUT_OF_SERVICE")
                .withDetail("room", guard.room())
                .withDetail("freeBytes", guard.free());
    }
}
