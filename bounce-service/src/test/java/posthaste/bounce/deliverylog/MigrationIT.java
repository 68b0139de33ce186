package posthaste.bounce.deliverylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A log of an earlier schema is taken over with its figures. */
class MigrationIT {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void theTallyIsCountedAnewByHour() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder().start();
                Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            Flyway.configure()
                    .dataSource(server.getPostgresDatabase())
                    .target("1")
                    .load()
                    .migrate();
            statement.execute(
                    "CREATE TABLE recipient_20261122 PARTITION OF recipient"
                            + " FOR VALUES FROM ('2026-11-22') TO ('2026-11-23')");
            insert(statement, Story.of(NOON, "a@example.com", "open@example.org"), 0, 0);
            insert(statement, Story.of(NOON, "a@example.com", "twice@example.org"), 5, 2);
            insert(statement, Story.of(NOON.minusMillis(1), "a@example.com", "b@c.example"), 4, 1);
            Flyway.configure().dataSource(server.getPostgresDatabase()).load().migrate();

            List<String> hours = new ArrayList<>();
            var rows =
                    statement.executeQuery(
                            "SELECT hour, accepted, delivered, bounced, duplicates FROM tally"
                                    + " ORDER BY hour");
            while (rows.next()) {
                hours.add(
                        "%d: %d %d %d %d"
                                .formatted(
                                        rows.getInt(1),
                                        rows.getInt(2),
                                        rows.getInt(3),
                                        rows.getInt(4),
                                        rows.getInt(5)));
            }
            assertThat(hours).containsExactly("11: 1 0 1 0", "12: 2 1 0 1");
        }
    }

    @Test
    void whoeverDiesAtSomeStepLeavesASchemaThatOthersCanMigrate() throws Exception {
        dieAtEach(11);
    }

    @Tag("full")
    @Test
    void whoeverDiesAtAnyStepLeavesASchemaThatOthersCanMigrate() throws Exception {
        dieAtEach(1);
    }

    private static void dieAtEach(int stride) throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder().start();
                Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            boolean died = true;
            int step = 1 - stride;
            while (died) {
                step += stride;
                String name = "log" + step;
                statement.execute("CREATE DATABASE " + name);
                DataSource data = server.getDatabase("postgres", name);
                MortalDatabase mortal = new MortalDatabase(data, step);
                try {
                    new LogDatabase(mortal.dataSource()).connection().close();
                } catch (SQLException | RuntimeException e) {
                    LoggerFactory.getLogger(MigrationIT.class)
                            .info("died at step {}: {}", step, e.getMessage());
                }
                died = mortal.hasDied();
                new LogDatabase(data).connection().close();
            }
            assertThat(step).isGreaterThan(3 * stride);
        }
    }

    private static void insert(Statement statement, Story story, int standing, int finals)
            throws Exception {
        statement.execute(
                """
                INSERT INTO recipient (day, mail_id, address, address_lower, domain, accepted,
                    standing, lead_at, lead_entry, promised_at, attempts, finals)
                VALUES ('2026-11-22', '%s', '%s', '', '', true, %d, now(), '', now(), 1, %d)
                """
                        .formatted(
                                story.id(),
                                story.envelope().recipients().getFirst().address(),
                                standing,
                                finals));
    }
}
