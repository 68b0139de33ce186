package posthaste.bounce.deliverylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.bounce.deliverylog.LogQuery.Details;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.mail.envelope.MailId;
import posthaste.mail.record.Event;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Topics;

/** What was written is found again, counted in charts, exported, and classified anew. */
class LogSearchIT {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final int DAYS = 4;
    private static final int MAILS_A_DAY = 12;
    private static final RollupSteps STEPS =
            new RollupSteps(Duration.ofDays(30), Duration.ofDays(60), Duration.ofDays(90));
    private static LogPostgres postgres;
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

    private final DeliveryLog log =
            new DeliveryLog(postgres.database(), 4, InstantSource.fixed(NOON), METERS);
    private final LogSearch search = new LogSearch(postgres.database(), METERS);
    private final LogCharts charts =
            new LogCharts(postgres.database(), InstantSource.fixed(NOON), STEPS, METERS);

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = LogPostgres.start();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void fill() throws Exception {
        postgres.empty();
        List<MailRecord> acceptances = new ArrayList<>();
        List<MailRecord> events = new ArrayList<>();
        for (int i = 0; i < DAYS * MAILS_A_DAY; i++) {
            Story story = mail(i);
            Instant at = story.envelope().acceptedAt();
            acceptances.add(story.acceptance());
            events.add(
                    i % 3 == 0
                            ? story.failed(recipient(i), 1, at.plusSeconds(2))
                            : story.delivered(recipient(i), 1, at.plusMillis(900)));
            if (i % 3 == 0) {
                events.add(story.end(recipient(i), Event.Kind.BOUNCED, at.plusSeconds(3)));
            }
        }
        write("mail.outbound.transactional", acceptances);
        write(Topics.EVENTS, events);
    }

    @Test
    void eachConditionAloneAndTogetherWithOthersFindsWhatFits() throws Exception {
        assertThat(find(with("", "example.net", "", "", ""))).hasSize(DAYS * MAILS_A_DAY / 2);
        assertThat(find(with("", "", "No Such us", "", "")))
                .hasSize(DAYS * MAILS_A_DAY / 3)
                .isEqualTo(find(with("", "", "550 5.1.1 no such user", "", "")))
                .isEqualTo(find(with("", "", "", "5.1.1", "")))
                .isEqualTo(find(with("", "", "", "5", "")))
                .isEqualTo(find(with("", "", "", "550", "")))
                .isEqualTo(find(with("", "", "", "", "invalid_recipient")));
        assertThat(find(with("", "example.net", "no such user", "", "INVALID_RECIPIENT")))
                .containsExactlyElementsOf(newestFirst(i -> i % 2 == 1 && i % 3 == 0));
        assertThat(find(with("1@app.example.com", "", "", "", ""))).hasSize(DAYS * MAILS_A_DAY);
        assertThat(find(with("<2@app.example.com>", "", "", "", ""))).isEmpty();
        assertThat(find(with("", "", "no such mailbox", "", ""))).isEmpty();
    }

    /** Then the events' own status decides. */
    @Test
    void aStatusThatTooManyRepliesHaveIsFoundAllTheSame() throws Exception {
        List<String> found = find(with("", "", "", "5.1.1", ""));
        try (Connection connection = postgres.database().connection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO reply (id, code, status, template, hard, last_day) SELECT n, 550,"
                            + " '5.1.1', 'no ' || n, true, '2026-11-22' FROM generate_series(1, 5001) n");
            try {
                assertThat(found).hasSize(DAYS * MAILS_A_DAY / 3);
                assertThat(find(with("", "", "", "5.1.1", ""))).isEqualTo(found);
                assertThat(find(with("", "", "", "5.1", ""))).isEqualTo(found);
                assertThat(find(with("", "", "", "550", ""))).isEqualTo(found);
                assertThat(find(with("", "", "", "5.1.10", ""))).isEmpty();
            } finally {
                statement.execute("DELETE FROM reply WHERE id BETWEEN 1 AND 5001");
            }
        }
    }

    @Test
    void pagesByKeyHaveEachMailOnce() throws Exception {
        LogQuery query = with("", "", "such", "", "").paged(5);
        List<String> all = new ArrayList<>();
        List<String> page;
        do {
            page = find(query);
            all.addAll(page);
            if (!page.isEmpty()) {
                query = query.after(new MailId(page.getLast()));
            }
        } while (page.size() == 5);
        assertThat(all).containsExactlyElementsOf(newestFirst(i -> i % 3 == 0));
    }

    @Test
    void chartsCountWhatHappenedByStepAndSeries() throws Exception {
        check();
        // Sums are the same once the rows of batches are added up.
        log.addUp(STEPS);
        assertThat(postgres.rows("SELECT count(*) FROM rollup WHERE NOT summed"))
                .containsExactly("0");
        check();
    }

    @Test
    void minutesBecomeHoursAndHoursDaysWithTheSameSums() throws Exception {
        log.addUp(new RollupSteps(Duration.ofHours(30), Duration.ofHours(50), Duration.ofDays(90)));
        assertThat(postgres.rows("SELECT DISTINCT step FROM rollup ORDER BY step"))
                .containsExactly("60", "3600", "86400");
        check();
    }

    @Test
    void theExportHasEveryRecipientOnce() throws Exception {
        List<String> rows = new ArrayList<>();
        long visited =
                new LogExport(postgres.database(), search)
                        .export(
                                with("", "", "", "", ""),
                                Long.MAX_VALUE,
                                row ->
                                        rows.add(
                                                row.mailId()
                                                        + row.recipient()
                                                        + row.state()
                                                        + row.bounceClass().orElse("")));
        assertThat(visited).isEqualTo(DAYS * MAILS_A_DAY);
        assertThat(rows).doesNotHaveDuplicates().hasSize(DAYS * MAILS_A_DAY);
        assertThat(rows.stream().filter(row -> row.endsWith("bouncedINVALID_RECIPIENT")))
                .hasSize(DAYS * MAILS_A_DAY / 3);
    }

    @Test
    void otherRulesClassifyThePastAnewAndTwiceChangesNothing(@TempDir Path folder)
            throws Exception {
        Path rules =
                Files.writeString(
                        folder.resolve("own.toml"),
                        """
                        [[rule]]
                        text = ["no such user"]
                        class = "inactive"
                        """);
        Reclassification anew =
                new Reclassification(postgres.database(), RuleBook.open(List.of(rules)).current());
        int refused = 2 * DAYS * MAILS_A_DAY / 3;
        assertThat(anew.run(Optional.empty(), (_, _) -> {}).changed()).isEqualTo(refused);
        assertThat(find(with("", "", "", "", "INVALID_RECIPIENT"))).isEmpty();
        assertThat(find(with("", "", "", "", "INACTIVE"))).hasSize(refused / 2);
        assertThat(byClass()).containsExactly("INACTIVE " + refused / 2);
        assertThat(anew.run(Optional.empty(), (_, _) -> {}).changed()).isZero();

        new Reclassification(postgres.database(), RuleBook.shipped())
                .run(Optional.empty(), (_, _) -> {});
        assertThat(byClass()).containsExactly("INVALID_RECIPIENT " + refused / 2);
    }

    @Test
    void aLogOfAnEarlierSchemaGetsClassesAndIndexes() throws Exception {
        try (Connection connection = postgres.database().connection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE event SET reply_id = NULL, bounce_class = NULL, hard = NULL,"
                            + " stream = NULL, chart_domain = NULL");
            statement.execute("DROP INDEX event_by_reply");
            statement.execute("CREATE INDEX event_by_reply ON ONLY event (reply_id)");
        }
        assertThat(find(with("", "", "such", "", ""))).isEmpty();

        while (log.buildIndex()) {
            assertThat(find(with("", "", "such", "", ""))).isEmpty();
        }
        new Reclassification(postgres.database(), RuleBook.shipped())
                .run(Optional.empty(), (_, _) -> {});
        assertThat(find(with("", "", "such", "", ""))).hasSize(DAYS * MAILS_A_DAY / 3);
        assertThat(
                        postgres.rows(
                                "SELECT indisvalid FROM pg_index"
                                        + " WHERE indexrelid = 'event_by_reply'::regclass"))
                .containsExactly("t");
    }

    private void check() throws Exception {
        Instant from = NOON.minus(Duration.ofDays(DAYS + 1));
        ChartQuestion days =
                ChartQuestion.of(from, NOON.plus(Duration.ofDays(1)), Duration.ofDays(1));
        LogCharts.Counts counts = charts.counts(days, Set.of(), LogCharts.By.OUTCOME, 10);
        assertThat(counts.series().stream().map(s -> s.name() + " " + s.total()))
                .containsExactlyInAnyOrder(
                        "ACCEPTED 48", "DELIVERED 32", "FAILED 16", "BOUNCED 16");
        assertThat(byClass()).containsExactly("INVALID_RECIPIENT 16");
        assertThat(
                        charts
                                .counts(days, Set.of("DELIVERED"), LogCharts.By.DOMAIN, 10)
                                .series()
                                .stream()
                                .map(s -> s.name() + " " + s.total()))
                .containsExactly("example.net 16", "example.org 16");
        assertThat(charts.latency(days).stream().mapToLong(LogCharts.Latency::deliveries).sum())
                .isEqualTo(32);
        assertThat(charts.latency(days))
                .filteredOn(one -> one.deliveries() > 0)
                .allSatisfy(one ->
                        assertThat(one.p50().orElseThrow())
                                .isBetween(Duration.ofMillis(800), Duration.ofMillis(1200)));
        assertThat(
                        charts.encryption(days).stream()
                                .mapToLong(LogCharts.Encryption::encrypted)
                                .sum())
                .isEqualTo(32);
        assertThat(charts.destinations(days, 1))
                .singleElement()
                .satisfies(one -> assertThat(one.accepted()).isEqualTo(24));
    }

    private List<String> byClass() throws Exception {
        Instant from = NOON.minus(Duration.ofDays(DAYS + 1));
        return charts
                .counts(
                        ChartQuestion.of(from, NOON.plus(Duration.ofDays(1)), Duration.ofDays(1)),
                        Set.of("FAILED"),
                        LogCharts.By.BOUNCE_CLASS,
                        10)
                .series()
                .stream()
                .map(s -> s.name() + " " + s.total())
                .toList();
    }

    private List<String> find(LogQuery query) throws Exception {
        return search.find(query).stream().map(LoggedMail::id).toList();
    }

    private static List<String> newestFirst(IntPredicate fits) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < DAYS * MAILS_A_DAY; i++) {
            if (fits.test(i)) {
                ids.add(mail(i).id().value());
            }
        }
        ids.sort(Comparator.reverseOrder());
        return ids;
    }

    private static LogQuery with(
            String messageId, String domain, String reply, String status, String bounceClass) {
        return new LogQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                100,
                new Details(
                        given(messageId),
                        given(domain),
                        given(reply),
                        given(status),
                        given(bounceClass),
                        Optional.empty(),
                        Optional.empty()));
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(t -> !t.isEmpty());
    }

    private static Story mail(int i) {
        Instant at =
                NOON.minus(Duration.ofDays(i / MAILS_A_DAY))
                        .minus(Duration.ofMinutes(10L * (i % MAILS_A_DAY) + 5));
        return Story.of(at, "app@example.com", recipient(i));
    }

    private static String recipient(int i) {
        return "r" + i + (i % 2 == 0 ? "@example.org" : "@example.net");
    }

    private void write(String topic, List<? extends MailRecord> records) throws Exception {
        long from = log.nextOffset(topic, 0);
        log.write(topic, 0, from, from + records.size(), Story.on(topic, 0, from, records));
    }
}
