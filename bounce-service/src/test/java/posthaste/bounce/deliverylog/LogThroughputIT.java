package posthaste.bounce.deliverylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Topics;

/**
 * How fast the log writes: the figure is printed, and docs/delivery-log.md has one. What is checked
 * is what makes it fast and holds on any machine: a batch costs a few transactions, however many
 * records it has.
 */
@Tag("full")
class LogThroughputIT {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final int MAILS = 100_000;
    private static final int BATCH = 1_000;

    /** Its own, at most one each for new replies, domains and days, and the migration's share. */
    private static final int COMMITS_A_BATCH = 6;

    @Test
    void writesEventsAndTheirAcceptancesSideBySide() throws Exception {
        try (LogPostgres postgres = LogPostgres.start()) {
            DeliveryLog log =
                    new DeliveryLog(
                            postgres.database(),
                            4,
                            InstantSource.fixed(NOON),
                            new SimpleMeterRegistry());
            List<MailRecord> acceptances = new ArrayList<>();
            List<MailRecord> events = new ArrayList<>();
            for (int i = 0; i < MAILS; i++) {
                String to = "someone." + i + "@customer" + i % 1000 + ".example.org";
                Story story = Story.of(NOON.plusMillis(i), "campaign@example.com", to);
                acceptances.add(story.acceptance());
                events.add(story.delivered(to, 1, NOON.plusMillis(i + 80)));
            }
            long begun = System.nanoTime();
            try (ExecutorService tails = Executors.newFixedThreadPool(2)) {
                List<Future<?>> both =
                        List.of(
                                tails.submit(() -> write(log, "mail.outbound.bulk", acceptances)),
                                tails.submit(() -> write(log, Topics.EVENTS, events)));
                for (Future<?> one : both) {
                    one.get();
                }
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf(
                    "delivery log: %,d acceptances and as many events in %.1f s, %,d of each a second%n",
                    MAILS, seconds, Math.round(MAILS / seconds));
            assertThat(postgres.rows("SELECT sum(accepted), sum(delivered) FROM tally"))
                    .containsExactly(MAILS + "|" + MAILS);
            postgres.database().close();
            assertThat(commits(postgres.url())).isLessThan(COMMITS_A_BATCH * 2L * MAILS / BATCH);
        }
    }

    /** Of all who have left; the server's own upkeep commits now and then. */
    private static long commits(String url) throws Exception {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT xact_commit FROM pg_stat_database"
                                        + " WHERE datname = current_database()")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Void write(DeliveryLog log, String topic, List<MailRecord> records)
            throws Exception {
        for (int from = 0; from < records.size(); from += BATCH) {
            log.write(
                    topic,
                    0,
                    from,
                    from + BATCH,
                    Story.on(topic, 0, from, records.subList(from, from + BATCH)));
        }
        return null;
    }
}
