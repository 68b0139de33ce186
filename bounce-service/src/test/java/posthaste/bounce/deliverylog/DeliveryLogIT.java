package posthaste.bounce.deliverylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.outcome.Conversation;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Topics;
import posthaste.queue.PartUnavailableException;

class DeliveryLogIT {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String OUTBOUND = "mail.outbound.transactional";
    private static final String ROWS =
            """
            SELECT mail_id, address, accepted, standing, lead_at, lead_entry, promised_at, attempts,
                finals, state
            FROM recipient ORDER BY mail_id, address
            """;
    private static final String SUM =
            """
            SELECT sum(accepted), sum(delivered), sum(bounced), sum(expired), sum(removed),
                sum(duplicates)
            FROM tally
            """;
    private static final String COUNTED =
            """
            SELECT count(*) FILTER (WHERE state > 0), count(*) FILTER (WHERE state = 5),
                count(*) FILTER (WHERE state = 4), count(*) FILTER (WHERE state = 3),
                count(*) FILTER (WHERE state = 2), sum(greatest(finals - 1, 0))
            FROM recipient
            """;
    private static final String ROLLUP =
            """
            SELECT start, stream, domain, outcome, bounce_class, hard, sum(events), sum(encrypted),
                sum(w20), sum(w21), sum(w22), sum(w23)
            FROM rollup
            GROUP BY start, stream, domain, outcome, bounce_class, hard
            ORDER BY start, stream, domain, outcome, bounce_class, hard
            """;
    private static final String ROLLED_UP =
            "SELECT outcome, sum(events) FROM rollup GROUP BY outcome ORDER BY outcome";
    private static final String COUNTED_EVENTS =
            """
            SELECT kind, count(*) FROM event GROUP BY kind
            UNION ALL SELECT 'ACCEPTED', count(*) FROM recipient WHERE accepted
            ORDER BY 1
            """;
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
    void empty() throws SQLException {
        postgres.empty();
    }

    @Test
    void anAcceptedMailIsOpenUntilAnEventEndsIt() throws Exception {
        Story story = Story.of(NOON, "app@example.com", "Ann@Example.org");
        write(OUTBOUND, 0, List.of(story.acceptance()));
        assertThat(postgres.rows("SELECT address_lower, domain, state, promised_at FROM recipient"))
                .containsExactly("ann@example.org|example.org|1|2026-11-22 12:00:00+00");
        assertThat(postgres.rows(SUM)).containsExactly("1|0|0|0|0|0");

        write(
                Topics.EVENTS,
                0,
                List.of(
                        story.deferred(
                                "Ann@Example.org", 1, NOON.plusSeconds(1), NOON.plusSeconds(61))));
        assertThat(postgres.rows("SELECT state, attempts, promised_at FROM recipient"))
                .containsExactly("1|1|2026-11-22 12:01:01+00");

        write(
                Topics.EVENTS,
                1,
                List.of(story.delivered("Ann@Example.org", 2, NOON.plusSeconds(62))));
        assertThat(postgres.rows("SELECT state, attempts, finals FROM recipient"))
                .containsExactly("5|2|1");
        assertThat(postgres.rows(SUM)).containsExactly("1|1|0|0|0|0");
    }

    /** Once an attempt, however many recipients it had and however often it is told. */
    @Test
    void whatWasSaidIsPartOfTheStoryAndGoesWithItsDay() throws Exception {
        Story story = Story.of(NOON, "app@example.com", "ann@example.org", "bob@example.org");
        Event ann = story.deferred("ann@example.org", 1, NOON.plusSeconds(1), NOON.plusSeconds(61));
        Event bob = story.deferred("bob@example.org", 1, NOON.plusSeconds(1), NOON.plusSeconds(61));
        Conversation said =
                Conversation.parse("0*connects to mx1\n12>EHLO relay\n34<451 4.7.1 later");
        Event both =
                Story.saying(
                        new Event(
                                story.id(),
                                ann.at(),
                                ann.attempt(),
                                List.of(ann.entries().getFirst(), bob.entries().getFirst())),
                        said);
        write(OUTBOUND, 0, List.of(story.acceptance()));
        write(Topics.EVENTS, 0, List.of(both, both));
        write(Topics.EVENTS, 1, List.of(both));
        write(
                Topics.EVENTS,
                0,
                List.of(
                        story.delivered("ann@example.org", 2, NOON.plusSeconds(62)),
                        story.delivered("bob@example.org", 2, NOON.plusSeconds(62))));

        assertThat(postgres.rows("SELECT attempt, said FROM conversation"))
                .containsExactly("1|" + said);
        List<LoggedEvent> events =
                new LogSearch(postgres.database(), new SimpleMeterRegistry())
                        .story(story.id())
                        .orElseThrow()
                        .events();
        assertThat(events)
                .extracting(event -> event.attempt().orElseThrow().conversation())
                .containsExactly(said.lines(), List.of(), List.of(), List.of());

        log.dropBefore(LocalDate.of(2026, 11, 30));
        assertThat(postgres.rows("SELECT said FROM conversation")).isEmpty();
    }

    @Test
    void deliveredWinsOverAnotherEndWhichCountsAsDuplicate() throws Exception {
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        write(OUTBOUND, 0, List.of(story.acceptance()));
        write(
                Topics.EVENTS,
                0,
                List.of(story.delivered("ann@example.org", 1, NOON.plusSeconds(1))));
        write(
                Topics.EVENTS,
                1,
                List.of(story.end("ann@example.org", Event.Kind.BOUNCED, NOON.plusSeconds(9))));
        assertThat(postgres.rows("SELECT state, finals FROM recipient")).containsExactly("5|2");
        assertThat(postgres.rows(SUM)).containsExactly("1|1|0|0|0|1");
    }

    @Test
    void anyOrderAndAnyRepeatsGiveTheSameRows() throws Exception {
        List<MailRecord> records = new ArrayList<>();
        Random chance = new Random(4711);
        for (int i = 0; i < 30; i++) {
            String[] to = {"r" + i + "@example.org", "s" + i + "@example.net"};
            Story story = Story.of(NOON.plusSeconds(3600L * i), "app@example.com", to);
            records.add(story.acceptance());
            for (String recipient : to) {
                Instant at = story.envelope().acceptedAt();
                for (int attempt = 1; attempt <= chance.nextInt(4); attempt++) {
                    records.add(
                            story.deferred(
                                    recipient,
                                    attempt,
                                    at.plusSeconds(attempt),
                                    at.plusSeconds(60)));
                }
                if (chance.nextBoolean()) {
                    records.add(story.delivered(recipient, 4, at.plusSeconds(70)));
                }
                if (chance.nextBoolean()) {
                    records.add(story.failed(recipient, 4, at.plusSeconds(70)));
                    records.add(story.end(recipient, Event.Kind.BOUNCED, at.plusSeconds(70)));
                }
                if (chance.nextInt(4) == 0) {
                    records.add(story.end(recipient, Event.Kind.EXPIRED, at.plusSeconds(80)));
                }
                if (chance.nextInt(4) == 0) {
                    records.add(story.end(recipient, Event.Kind.DELAY_WARNED, at.plusSeconds(75)));
                }
            }
        }
        write(Topics.EVENTS, 0, records);
        List<String> expected = postgres.rows(ROWS);
        List<String> expectedSum = postgres.rows(SUM);
        List<String> expectedEvents = postgres.rows("SELECT * FROM event ORDER BY entry_id");
        assertThat(expected).hasSize(60);
        assertThat(expectedSum).isEqualTo(postgres.rows(COUNTED));
        List<String> expectedRollup = postgres.rows(ROLLUP);
        assertThat(postgres.rows(ROLLED_UP)).isEqualTo(postgres.rows(COUNTED_EVENTS));

        for (int round = 0; round < 12; round++) {
            List<MailRecord> shuffled = new ArrayList<>(records);
            for (int i = 0; i < 40; i++) {
                shuffled.add(records.get(chance.nextInt(records.size())));
            }
            Collections.shuffle(shuffled, chance);
            postgres.empty();
            int from = 0;
            while (from < shuffled.size()) {
                int to = Math.min(shuffled.size(), from + 1 + chance.nextInt(80));
                write(Topics.EVENTS, chance.nextInt(3), shuffled.subList(from, to));
                from = to;
            }
            assertThat(postgres.rows(ROWS)).isEqualTo(expected);
            assertThat(postgres.rows(SUM)).isEqualTo(expectedSum);
            assertThat(postgres.rows(ROLLUP)).isEqualTo(expectedRollup);
            assertThat(postgres.rows("SELECT * FROM event ORDER BY entry_id"))
                    .isEqualTo(expectedEvents);
        }
    }

    @Test
    void aZombiesBatchFailsWhole() throws Exception {
        Story first = Story.of(NOON, "app@example.com", "ann@example.org");
        Story second = Story.of(NOON, "app@example.com", "bob@example.org");
        log.write(OUTBOUND, 0, 0, 1, Story.on(OUTBOUND, 0, 0, List.of(first.acceptance())));

        assertThatThrownBy(() ->
                        log.write(
                                OUTBOUND,
                                0,
                                0,
                                1,
                                Story.on(OUTBOUND, 0, 0, List.of(second.acceptance()))))
                .isInstanceOf(PartUnavailableException.class);
        assertThat(postgres.rows("SELECT address FROM recipient"))
                .containsExactly("ann@example.org");
        assertThat(log.nextOffset(OUTBOUND, 0)).isEqualTo(1);

        log.write(OUTBOUND, 0, 1, 5, Story.on(OUTBOUND, 0, 1, List.of(second.acceptance())));
        assertThat(log.nextOffset(OUTBOUND, 0)).isEqualTo(5);
    }

    @Test
    void derivedJobsAreNoAcceptances() throws Exception {
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        write(
                OUTBOUND,
                0,
                List.of(Job.first(story.envelope(), new BodyRef("k", 0, 1, 0), 0, true)));
        assertThat(postgres.rows("SELECT * FROM mail")).isEmpty();
    }

    @Test
    void aBatchWithNothingReadableAdvancesTheOffset() throws Exception {
        log.write(Topics.EVENTS, 3, 0, 7, List.of());
        assertThat(log.nextOffset(Topics.EVENTS, 3)).isEqualTo(7);
    }

    @Test
    void strangeTextsDontStopTheLog() throws Exception {
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        Envelope e = story.envelope();
        Envelope strange =
                new Envelope(
                        e.id(),
                        e.stream(),
                        e.reversePath(),
                        e.recipients(),
                        e.ret(),
                        Optional.of("\0\u001b[31m"),
                        e.bodyType(),
                        false,
                        new Client("127.0.0.1", "nul\0helo\ud800", Optional.empty()),
                        Optional.of("<\0{\"},'--@x>"));
        write(OUTBOUND, 0, List.of(Job.first(strange, new BodyRef("k", 0, 1, 0), 0, false)));
        assertThat(postgres.rows("SELECT message_id FROM mail")).containsExactly("< {\"},'--@x>");
    }

    @Test
    void aRecordThatTheDatabaseRefusesIsPassedOver() throws Exception {
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        // Beyond PostgreSQL's range of times.
        Event refused =
                story.delivered("ann@example.org", 1, Instant.ofEpochMilli(Long.MAX_VALUE / 2));
        Event good = story.delivered("ann@example.org", 1, NOON.plusSeconds(1));
        Instant year10889 = Instant.ofEpochMilli((1L << 48) - 1);
        MailRecord ofNoCalendar =
                Story.of(year10889, "app@example.com", "ann@example.org").acceptance();
        write(Topics.EVENTS, 0, List.of(refused, ofNoCalendar, good));
        assertThat(postgres.rows("SELECT at FROM event")).containsExactly("2026-11-22 12:00:01+00");
    }

    @Test
    void partitionsOfManyReadersDontLockEachOtherInACircle() throws Exception {
        List<Story> stories = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            stories.add(Story.of(NOON.plusMillis(i), "app@example.com", "r" + i + "@example.org"));
        }
        try (ExecutorService readers = Executors.newFixedThreadPool(6)) {
            List<Future<?>> done = new ArrayList<>();
            for (int reader = 0; reader < 6; reader++) {
                int number = reader;
                List<Story> order = new ArrayList<>(stories);
                Collections.shuffle(order, new Random(reader));
                done.add(
                        readers.submit(() -> {
                            List<MailRecord> batch = new ArrayList<>();
                            for (Story story : order) {
                                batch.add(
                                        number < 2
                                                ? story.acceptance()
                                                : story.delivered(
                                                        story.envelope()
                                                                .recipients()
                                                                .getFirst()
                                                                .address()
                                                                .toString(),
                                                        1,
                                                        NOON.plusSeconds(5)));
                            }
                            for (int from = 0; from < 200; from += 50) {
                                write(Topics.EVENTS, number, batch.subList(from, from + 50));
                            }
                            return null;
                        }));
            }
            for (Future<?> reader : done) {
                reader.get();
            }
        }
        assertThat(postgres.rows(SUM)).containsExactly("200|200|0|0|0|0");
    }

    @Test
    void oldDaysAreDroppedOnceNothingOfThemIsOpen() throws Exception {
        Instant old = NOON.minus(Duration.ofDays(40));
        Story open = Story.of(old, "app@example.com", "open@example.org");
        Story ended = Story.of(old.minus(Duration.ofDays(1)), "app@example.com", "end@example.org");
        write(OUTBOUND, 0, List.of(open.acceptance(), ended.acceptance()));
        write(Topics.EVENTS, 0, List.of(ended.delivered("end@example.org", 1, old)));
        LogRetention retention =
                new LogRetention(
                        log,
                        InstantSource.fixed(NOON),
                        Duration.ofDays(30),
                        new SimpleMeterRegistry());

        retention.run();
        assertThat(postgres.rows("SELECT address FROM recipient"))
                .containsExactly("open@example.org");
        assertThat(postgres.rows(SUM)).containsExactly("1|0|0|0|0|0");

        write(Topics.EVENTS, 0, List.of(open.delivered("open@example.org", 9, NOON)));
        retention.run();
        assertThat(postgres.rows("SELECT address FROM recipient")).isEmpty();
        assertThat(postgres.rows("SELECT address FROM recipient")).isEmpty();

        // A repeat that comes after the day was dropped makes the day again, until the next time.
        write(Topics.EVENTS, 0, List.of(open.delivered("open@example.org", 9, NOON)));
        assertThat(postgres.rows(SUM)).containsExactly("0|0|0|0|0|0");
        retention.run();
        assertThat(postgres.rows("SELECT * FROM event")).isEmpty();
    }

    @Test
    void aPartitionDroppedByAnotherProcessIsMadeAgain() throws Exception {
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        write(OUTBOUND, 0, List.of(story.acceptance()));
        DeliveryLog other =
                new DeliveryLog(
                        postgres.database(),
                        4,
                        InstantSource.fixed(NOON),
                        new SimpleMeterRegistry());
        write(Topics.EVENTS, 0, List.of(story.delivered("ann@example.org", 1, NOON)));
        assertThat(other.dropBefore(LocalDate.of(2026, 11, 30)))
                .contains(LocalDate.of(2026, 11, 22));

        List<Event> late = List.of(story.delivered("ann@example.org", 1, NOON));
        assertThatThrownBy(() -> write(Topics.EVENTS, 0, late))
                .isInstanceOf(PartUnavailableException.class);
        write(Topics.EVENTS, 0, late);
        assertThat(postgres.rows("SELECT state FROM recipient")).containsExactly("0");
    }

    private void write(String topic, int partition, List<? extends MailRecord> records)
            throws PartUnavailableException, InterruptedException {
        long from = log.nextOffset(topic, partition);
        log.write(
                topic,
                partition,
                from,
                from + records.size(),
                Story.on(topic, partition, from, records));
    }
}
