package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Tells whether the log's database is there. When it is not the process is still up: no mail waits
 * for it (DESIGN 3, invariant 9).
 */
final class LogHealth implements HealthIndicator {
    private final LogDatabase database;

    LogHealth(LogDatabase database) {
        this.database = database;
    }

    @Override
    public Health health() {
        try (Connection _ = database.connection()) {
            return Health.up().build();
        } catch (SQLException e) {
            return Health.unknown()
                    .withDetail("reason", "the database is away; mail does not wait for it")
                    .build();
        }
    }
}
