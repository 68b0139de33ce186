package posthaste.bounce.deliverylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.mail.record.Topics;
import posthaste.queue.PartUnavailableException;

/** PostgreSQL comes late, goes away, and comes again. */
class LogOutageIT {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void nothingIsLostOrDoubledWhileTheDatabaseComesAndGoes(@TempDir Path folder) throws Exception {
        int port = freePort();
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        try (LogDatabase database =
                LogDatabase.pooled(
                        "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "", 4)) {
            DeliveryLog log =
                    new DeliveryLog(
                            database, 4, InstantSource.fixed(NOON), new SimpleMeterRegistry());
            assertAway(log, story);

            try (EmbeddedPostgres _ = start(folder, port)) {
                accept(log, story);
                assertThat(log.nextOffset("mail.outbound.bulk", 0)).isEqualTo(1);
            }
            assertAway(log, story);

            try (EmbeddedPostgres _ = start(folder, port)) {
                assertThatThrownBy(() -> accept(log, story))
                        .isInstanceOf(PartUnavailableException.class);
                assertThat(log.nextOffset("mail.outbound.bulk", 0)).isEqualTo(1);
                log.write(
                        Topics.EVENTS,
                        0,
                        0,
                        1,
                        Story.on(
                                Topics.EVENTS,
                                0,
                                0,
                                List.of(story.delivered("ann@example.org", 1, NOON))));
                try (Connection connection = database.connection();
                        Statement statement = connection.createStatement();
                        ResultSet row =
                                statement.executeQuery(
                                        "SELECT count(*), max(state) FROM recipient")) {
                    assertThat(row.next()).isTrue();
                    assertThat(row.getInt(1)).isEqualTo(1);
                    assertThat(row.getInt(2)).isEqualTo(5);
                }
            }
        }
    }

    /** Whoever asks is told soon, instead of waiting. */
    private static void assertAway(DeliveryLog log, Story story) {
        long begun = System.nanoTime();
        assertThatThrownBy(() -> log.nextOffset(Topics.EVENTS, 0))
                .isInstanceOf(PartUnavailableException.class);
        assertThatThrownBy(() -> accept(log, story)).isInstanceOf(PartUnavailableException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
    }

    private static void accept(DeliveryLog log, Story story)
            throws PartUnavailableException, InterruptedException {
        log.write(
                "mail.outbound.bulk",
                0,
                0,
                1,
                Story.on("mail.outbound.bulk", 0, 0, List.of(story.acceptance())));
    }

    private static EmbeddedPostgres start(Path folder, int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(folder.resolve("pg"))
                .setCleanDataDirectory(false)
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
