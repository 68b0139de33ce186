package posthaste.bounce.deliverylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.bounce.inbound.rules.BounceClassifier;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.mail.record.Event;
import posthaste.mail.record.Topics;

/** What is done beside the writing costs what it has to do, and not what there is. */
class LogUpkeepIT {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final RollupSteps STEPS =
            new RollupSteps(Duration.ofDays(3), Duration.ofDays(90), Duration.ofDays(3650));
    private static LogPostgres postgres;

    private final DeliveryLog log =
            new DeliveryLog(
                    postgres.database(), 4, InstantSource.fixed(NOON), new SimpleMeterRegistry());

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = LogPostgres.start();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void empty() throws Exception {
        postgres.empty();
    }

    @Test
    void whatIsToBecomeCoarserIsFoundWithoutWalkingOverWhatHasBecomeSo() throws Exception {
        execute(
                """
                INSERT INTO rollup (start, step, summed, stream, domain, outcome, bounce_class, hard,
                    events, encrypted)
                SELECT timestamptz '2026-11-19 00:00Z' - make_interval(hours => n / 10), 3600, true,
                    'bulk', 'd' || n % 10, 'DELIVERED', '', false, 1, 0
                FROM generate_series(1, 20000) AS n
                """,
                "ANALYZE rollup");
        String plan =
                String.join(
                        "\n",
                        postgres.rows(
                                "EXPLAIN "
                                        + RollupSums.OLDEST
                                                .replaceFirst("\\?", "60")
                                                .replaceFirst("\\?", "'2026-11-19 12:00Z'")));
        assertThat(plan).contains("rollup_by_step").contains("step = 60").doesNotContain("Filter");
        log.addUp(STEPS);
        assertThat(postgres.rows("SELECT sum(events), min(step) FROM rollup"))
                .containsExactly("20000|3600");
    }

    @Test
    void indexesOfEarlierDaysAreBuiltOneAtATime() throws Exception {
        deferred("somebody@example.org", NOON);
        execute(
                "DROP INDEX event_by_reply",
                "DROP INDEX recipient_by_domain",
                "CREATE INDEX event_by_reply ON ONLY event (reply_id)",
                "CREATE INDEX recipient_by_domain ON ONLY recipient (domain)");
        int days =
                postgres.rows("SELECT FROM pg_inherits WHERE inhparent = 'event'::regclass").size();
        int built = 0;
        while (log.buildIndex()) {
            built++;
            assertThat(missing()).isEqualTo(2L * days - built);
        }
        assertThat(built).isEqualTo(2 * days);
        assertThat(
                        postgres.rows(
                                "SELECT indisvalid FROM pg_index WHERE indexrelid IN"
                                        + " ('event_by_reply'::regclass,"
                                        + " 'recipient_by_domain'::regclass)"))
                .containsExactly("t", "t");
    }

    /** Found, read, written and indexed: a dozen times; once for each portion would be sixty. */
    @Test
    void reclassifyingReadsEachEventAFewTimes(@TempDir Path folder) throws Exception {
        int events = 6_001;
        deferred("somebody@example.org", NOON);
        execute(
                """
                INSERT INTO event
                SELECT (e).* FROM (
                    SELECT jsonb_populate_record(event, jsonb_build_object(
                        'entry_id', event.entry_id || '/' || n, 'kind', 'FAILED')) AS e
                    FROM event, generate_series(1, 6000) AS n)
                """);
        BounceClassifier own = own(folder, "inactive");
        try (LogDatabase one = LogDatabase.pooled(postgres.url(), "postgres", "", 1)) {
            long before = read(one);
            assertThat(
                            new Reclassification(one, own, 100)
                                    .run(Optional.empty(), (_, _) -> {})
                                    .changed())
                    .isEqualTo(events);
            assertThat(read(one) - before).isBetween((long) events, 20L * events);
        }
        assertThat(postgres.rows("SELECT DISTINCT bounce_class FROM event"))
                .containsExactly("INACTIVE");
    }

    /** As by a service that has not heard of the new rules yet. */
    @Test
    void anEventWrittenByOlderRulesMeanwhileIsFoundTheNextTime(@TempDir Path folder)
            throws Exception {
        deferred("one@example.org", NOON);
        Reclassification anew = new Reclassification(postgres.database(), own(folder, "inactive"));
        assertThat(anew.run(Optional.empty(), (_, _) -> {}).changed()).isEqualTo(1);

        deferred("two@example.org", NOON.plusSeconds(1));
        assertThat(postgres.rows("SELECT count(DISTINCT bounce_class) FROM event"))
                .containsExactly("2");
        assertThat(anew.run(Optional.empty(), (_, _) -> {}).changed()).isEqualTo(1);
        assertThat(postgres.rows("SELECT DISTINCT bounce_class FROM event"))
                .containsExactly("INACTIVE");
    }

    private static BounceClassifier own(Path folder, String bounceClass) throws Exception {
        Path rules =
                Files.writeString(
                        folder.resolve("own.toml"),
                        """
                        [[rule]]
                        text = ["mailbox full"]
                        class = "%s"
                        """
                                .formatted(bounceClass));
        return RuleBook.open(List.of(rules)).current();
    }

    private void deferred(String to, Instant at) throws Exception {
        Story story = Story.of(at, "app@example.com", to);
        List<Event> events = List.of(story.deferred(to, 1, at.plusSeconds(1), at.plusSeconds(60)));
        long from = log.nextOffset(Topics.EVENTS, 0);
        log.write(Topics.EVENTS, 0, from, from + 1, Story.on(Topics.EVENTS, 0, from, events));
    }

    /** Indexes on parents that a day lacks. */
    private static long missing() throws Exception {
        return Long.parseLong(
                postgres.rows(
                                """
                                SELECT count(*)
                                FROM pg_class p
                                JOIN pg_index i ON i.indexrelid = p.oid AND NOT i.indisvalid
                                JOIN pg_inherits day ON day.inhparent = i.indrelid
                                WHERE p.relkind = 'I' AND NOT EXISTS (
                                    SELECT FROM pg_inherits h JOIN pg_index d ON d.indexrelid = h.inhrelid
                                    WHERE h.inhparent = p.oid AND d.indrelid = day.inhrelid)
                                """)
                        .getFirst());
    }

    /** Rows of events that this database's only connection has read so far. */
    private static long read(LogDatabase database) throws Exception {
        try (Connection connection = database.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_stat_force_next_flush()");
            try (ResultSet row =
                    statement.executeQuery(
                            """
                            SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint
                            FROM pg_stat_user_tables WHERE relname LIKE 'event\\_2%'
                            """)) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void execute(String... statements) throws Exception {
        try (Connection connection = postgres.database().connection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
