package posthaste.bounce.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import posthaste.body.BodyCopier;
import posthaste.body.BodyWriter;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.memory.MemoryBodyStore;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Notify;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.QuarantineOrder;
import posthaste.mail.record.QuarantineOrder.Action;
import posthaste.mail.record.RecordCodec;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.QueueConsumer;
import posthaste.queue.RecordHandler;
import posthaste.queue.Settlement;
import posthaste.queue.memory.MemoryMailQueue;
import posthaste.service.flow.PoisonException;
import posthaste.testing.SettableClock;

/** What stands in quarantine, and what becomes of it. */
@Timeout(120)
class QuarantineIT {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration TIME = Duration.ofDays(30);
    private static final Stream STREAM = new Stream("bulk");
    private static final String MESSAGE = "Subject: hello\r\n\r\nHello.\r\n";

    private final SettableClock clock = SettableClock.at(NOON);
    private final MemoryMailQueue queue = new MemoryMailQueue(clock);
    private final MemoryBodyStore store = new MemoryBodyStore(new MemoryBudget(1 << 24));
    private final Decisions decisions = new Decisions(queue.scanner());
    private final UndecidedMail undecided = new UndecidedMail(queue.scanner(), decisions);
    private final Quarantine quarantine = new Quarantine(queue, store, undecided, TIME, clock);
    private final OrderedMail steps =
            new OrderedMail(decisions, new BodyCopier(store), TIME, clock);
    private BodyRef body;

    @BeforeEach
    void storeBody() throws Exception {
        try (BodyWriter writer = store.begin(Generation.QUARANTINE, Duration.ofSeconds(1))) {
            byte[] bytes = MESSAGE.getBytes(StandardCharsets.US_ASCII);
            writer.write(bytes, 0, bytes.length);
            body = writer.commit("x", new byte[0], Duration.ofSeconds(5));
        }
    }

    @AfterEach
    void stop() {
        queue.close();
    }

    @Test
    void anyOfManyIsReleasedOnceHoweverOftenThatIsOrdered() throws Exception {
        List<Job> jobs = quarantined(500);
        Job one = jobs.get(137);
        String id = one.mailId().value();

        assertThat(quarantine.order(Action.RELEASE, QuarantineFilter.ofMail(id), "maria", "ok"))
                .isEqualTo(1);
        assertThat(quarantine.order(Action.RELEASE, QuarantineFilter.ofMail(id), "maria", "ok"))
                .as("it is decided")
                .isZero();
        // As two who ordered at the same moment would have it.
        publish(new QuarantineOrder(one, Action.REMOVE, "otto", "", NOON).outgoing());
        publish(new QuarantineOrder(one, Action.RELEASE, "otto", "", NOON).outgoing());

        try (QueueConsumer loop = orders()) {
            loop.start();
            await().untilAsserted(() -> assertThat(unsettledOrders()).isEmpty());
        }
        assertThat(records(Topics.outbound(STREAM)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Job.class,
                        released -> {
                            assertThat(released.id()).isEqualTo(one.id());
                            assertThat(released.derived()).isTrue();
                            assertThat(released.body().key()).startsWith("deferred/");
                            assertThat(released.envelope().envelope().handling())
                                    .isEqualTo(Handling.ORDINARY);
                            assertThat(released.envelope().envelope().addedFields())
                                    .isEqualTo("X-Spam: Yes\r\n");
                        });
        assertThat(records(Topics.EVENTS))
                .singleElement()
                .isInstanceOfSatisfying(
                        Event.class,
                        event -> {
                            assertThat(event.entries().getFirst().kind())
                                    .isEqualTo(Event.Kind.REQUEUED);
                            assertThat(event.entries().getFirst().reason())
                                    .isEqualTo("released from quarantine by maria: ok");
                        });
        assertThat(quarantine.list(QuarantineFilter.ALL, "", 10).total()).isEqualTo(499);
        assertThat(quarantine.size()).isEqualTo(499);
    }

    @Test
    void whatIsRemovedIsRecordedWithWhoAndWhy() throws Exception {
        List<Job> jobs = quarantined(3);
        QuarantineFilter second = new QuarantineFilter("", "sender1@EXAMPLE.com", "", "");
        assertThat(quarantine.order(Action.REMOVE, second, "maria", "spam")).isEqualTo(1);
        try (QueueConsumer loop = orders()) {
            loop.start();
            await().untilAsserted(() -> assertThat(records(Topics.EVENTS)).hasSize(1));
        }
        Event event = (Event) records(Topics.EVENTS).getFirst();
        assertThat(event.mailId()).isEqualTo(jobs.get(1).mailId());
        assertThat(event.entries().getFirst().kind()).isEqualTo(Event.Kind.REMOVED);
        assertThat(event.entries().getFirst().reason())
                .isEqualTo("removed from quarantine by maria: spam");
        assertThat(records(Topics.outbound(STREAM))).isEmpty();
    }

    @Test
    void whenItsTimeIsOverMailIsRemovedUnlessSomebodyHasDecided() throws Exception {
        List<Job> jobs = quarantined(2);
        quarantine.order(
                Action.RELEASE,
                QuarantineFilter.ofMail(jobs.getFirst().mailId().value()),
                "maria",
                "");
        try (QueueConsumer loop = orders();
                QueueConsumer ends = ends()) {
            loop.start();
            ends.start();
            await().untilAsserted(() -> assertThat(records(Topics.outbound(STREAM))).hasSize(1));
            clock.advance(TIME.plusSeconds(1));
            await().untilAsserted(() -> assertThat(records(Topics.EVENTS)).hasSize(2));
            await().untilAsserted(() -> {
                List<Object> left = new ArrayList<>();
                queue.scanner()
                        .scan(Topics.QUARANTINE_GROUP, List.of(Topics.QUARANTINE), left::add);
                assertThat(left).isEmpty();
                assertThat(unsettledOrders()).isEmpty();
            });
        }
        assertThat(records(Topics.outbound(STREAM))).hasSize(1);
        assertThat(((Event) records(Topics.EVENTS).getLast()).entries().getFirst())
                .satisfies(entry -> {
                    assertThat(entry.kind()).isEqualTo(Event.Kind.REMOVED);
                    assertThat(entry.reason()).contains("nobody decided within 30 days");
                });
    }

    @Test
    void anOrderThatIsRepeatedAfterACrashLeadsToTheSame() throws Exception {
        quarantined(1);
        quarantine.order(Action.RELEASE, QuarantineFilter.ALL, "maria", "");
        List<Settlement> both = new ArrayList<>();
        queue.scanner()
                .scan(
                        Topics.QUARANTINE_ORDERS_GROUP,
                        List.of(Topics.QUARANTINE_ORDERS),
                        record -> {
                            try {
                                both.add(steps.carryOut(record));
                                both.add(steps.carryOut(record));
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        });
        assertThat(both).hasSize(2);
        List<String> first = ids(both.getFirst());
        assertThat(first).hasSize(2).isEqualTo(ids(both.getLast()));
    }

    @Test
    void itIsListedNewestFirstAndReadAsItWouldBeRelayed() throws Exception {
        List<Job> jobs = quarantined(30);
        Quarantine.Listing listing =
                quarantine.list(new QuarantineFilter("", "@example.com", "", "SPAM"), "", 10);
        assertThat(listing.total()).isEqualTo(30);
        assertThat(listing.mails()).hasSize(10);
        assertThat(listing.mails().getFirst().id()).isEqualTo(jobs.getLast().mailId().value());
        String last = listing.mails().getLast().id();
        assertThat(quarantine.list(QuarantineFilter.ALL, last, 100).mails()).hasSize(20);
        assertThat(quarantine.list(new QuarantineFilter("", "", "", "virus"), "", 9).total())
                .isZero();

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(quarantine.write(last, out, _ -> {})).isTrue();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("X-Spam: Yes\r\n" + MESSAGE);
    }

    private QueueConsumer orders() {
        return consumer(
                Topics.QUARANTINE_ORDERS_GROUP,
                Topics.QUARANTINE_ORDERS,
                Duration.ZERO,
                record -> {
                    try {
                        return steps.carryOut(record);
                    } catch (PoisonException e) {
                        return new Settlement.Poison(String.valueOf(e.getMessage()));
                    }
                });
    }

    private QueueConsumer ends() {
        return consumer(
                Topics.QUARANTINE_GROUP,
                Topics.QUARANTINE,
                TIME,
                record -> {
                    try {
                        return steps.expire(record);
                    } catch (PoisonException e) {
                        return new Settlement.Poison(String.valueOf(e.getMessage()));
                    }
                });
    }

    private QueueConsumer consumer(
            String group, String topic, Duration delay, RecordHandler handler) {
        return queue.consumer(
                new ConsumerPlan(
                        group,
                        group,
                        Map.of(topic, delay),
                        100,
                        Duration.ofMillis(1),
                        Duration.ofSeconds(1)),
                handler);
    }

    private List<Job> quarantined(int count) throws Exception {
        List<Job> jobs = new ArrayList<>();
        List<OutgoingRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clock.advance(Duration.ofMillis(1));
            Envelope envelope =
                    new Envelope(
                            MailId.next(clock),
                            STREAM,
                            new ReversePath.From(EmailAddress.of("sender" + i + "@example.com")),
                            List.of(
                                    new Recipient(
                                            EmailAddress.of("ann@example.org"),
                                            Notify.NOT_GIVEN,
                                            Optional.empty())),
                            Ret.NOT_GIVEN,
                            Optional.empty(),
                            BodyType.SEVEN_BIT,
                            false,
                            new Client("127.0.0.1", "client", Optional.empty()),
                            Optional.empty(),
                            Handling.ORDINARY.stoppingAt(new FirstStop.Quarantine("rspamd: spam")),
                            "X-Spam: Yes\r\n");
            Job job = Job.first(EncodedEnvelope.of(envelope), body, 0, true);
            jobs.add(job);
            records.add(new OutgoingRecord(Topics.QUARANTINE, job.mailId().value(), job));
        }
        publish(records.toArray(OutgoingRecord[]::new));
        return jobs;
    }

    private void publish(OutgoingRecord... records) throws Exception {
        queue.publisher().publish(List.of(records), Duration.ofSeconds(5));
    }

    private List<Object> unsettledOrders() throws Exception {
        List<Object> left = new ArrayList<>();
        queue.scanner()
                .scan(Topics.QUARANTINE_ORDERS_GROUP, List.of(Topics.QUARANTINE_ORDERS), left::add);
        return left;
    }

    private List<MailRecord> records(String topic) throws Exception {
        List<MailRecord> records = new ArrayList<>();
        for (byte[] value : queue.values(topic)) {
            records.add(RecordCodec.decode(value));
        }
        return records;
    }

    /** Of the job, and of the event's entries. */
    private static List<String> ids(Settlement settlement) {
        return ((Settlement.Settled) settlement)
                .records().stream()
                        .map(OutgoingRecord::content)
                        .map(content ->
                                switch (content) {
                                    case Job job -> job.id();
                                    case Event event -> event.entryId(event.entries().getFirst());
                                    default -> throw new AssertionError(content);
                                })
                        .toList();
    }
}
