package posthaste.bounce.deliverylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
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
    void whoeverIsBrokenOffInTheMiddleLeavesASchemaThatOthersCanMigrate() throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.builder().start();
                Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 20; i++) {
                String name = "log" + i;
                statement.execute("CREATE DATABASE " + name);
                try (LogDatabase brokenOff = database(server, name);
                        LogDatabase other = database(server, name)) {
                    Thread asking = Thread.startVirtualThread(() -> ask(brokenOff));
                    Thread.sleep(20L * i);
                    asking.interrupt();
                    // At once, as the twin that has the partitions now.
                    other.connection().close();
                    asking.join();
                    brokenOff.connection().close();
                }
            }
        }
    }

    private static LogDatabase database(EmbeddedPostgres server, String name) {
        return LogDatabase.pooled(
                "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + name,
                "postgres",
                "postgres",
                2);
    }

    private static void ask(LogDatabase database) {
        try {
            database.connection().close();
        } catch (SQLException e) {
            LoggerFactory.getLogger(MigrationIT.class).info("broken off: {}", e.getMessage());
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
