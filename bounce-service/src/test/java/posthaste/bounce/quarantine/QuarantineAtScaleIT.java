package posthaste.bounce.quarantine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.body.BodyCopier;
import posthaste.body.BodyWriter;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.memory.MemoryBodyStore;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Job;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.QuarantineOrder.Action;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.QueueConsumer;
import posthaste.queue.Settlement;
import posthaste.queue.TopicPlan;
import posthaste.queue.kafka.KafkaMailQueue;
import posthaste.queue.kafka.KafkaQueueSettings;
import posthaste.service.flow.PoisonException;

/**
 * What a look at a full quarantine costs, and the release of all of it, with a real broker. The
 * figures are printed and stand in docs/operations.md; the bounds only tell a wreck.
 */
@Tag("full")
class QuarantineAtScaleIT {
    private static final int HELD = 100_000;
    private static final int BATCH = 2_000;
    private static final int IN_FLIGHT = 500;
    private static final long MIB = 1 << 20;
    private static final Duration TIME = Duration.ofDays(30);
    private static final Stream STREAM = new Stream("bulk");

    @Test
    void aHundredThousandAreListedSearchedAndReleased(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
                KafkaMailQueue queue = queue(broker)) {
            prepare(queue);
            MemoryBodyStore store = new MemoryBodyStore(new MemoryBudget(256 * MIB));
            Quarantine quarantine = new Quarantine(queue, store, TIME, InstantSource.system());
            hold(queue, body(store));
            long before = liveHeap();

            assertThat(timed("first page", () -> quarantine.list(QuarantineFilter.ALL, "", 100)))
                    .satisfies(listing -> {
                        assertThat(listing.total()).isEqualTo(HELD);
                        assertThat(listing.mails()).hasSize(100);
                    });
            QuarantineFilter one = new QuarantineFilter("", "", "r77777@example.org", "");
            assertThat(timed("search", () -> quarantine.list(one, "", 100)).total()).isEqualTo(1);
            assertThat(timed("release of one", () -> order(quarantine, one))).isEqualTo(1);
            assertThat(timed("order of all", () -> order(quarantine, QuarantineFilter.ALL)))
                    .isEqualTo(HELD - 1);
            Decisions decisions = new Decisions(queue.scanner());
            OrderedMail steps =
                    new OrderedMail(decisions, new BodyCopier(store), TIME, InstantSource.system());
            try (QueueConsumer loop =
                    queue.consumer(
                            new ConsumerPlan(
                                    Topics.QUARANTINE_ORDERS_GROUP,
                                    Topics.QUARANTINE_ORDERS_GROUP,
                                    Map.of(Topics.QUARANTINE_ORDERS, Duration.ZERO),
                                    IN_FLIGHT,
                                    Duration.ofMillis(10),
                                    Duration.ofSeconds(20)),
                            record -> {
                                try {
                                    return steps.carryOut(record);
                                } catch (PoisonException e) {
                                    return new Settlement.Poison(String.valueOf(e.getMessage()));
                                }
                            })) {
                loop.start();
                timed(
                        "release of all",
                        () -> {
                            await().atMost(Duration.ofMinutes(5))
                                    .pollInterval(Duration.ofMillis(500))
                                    .until(() -> unsettledOrders(queue) == 0);
                            return true;
                        });
            }
            assertThat(timed("an empty page", () -> quarantine.list(QuarantineFilter.ALL, "", 9)))
                    .satisfies(listing -> assertThat(listing.total()).isZero());
            assertThat(released(queue)).hasSize(HELD);
            long grown = liveHeap() - before;
            System.out.printf("quarantine: %,d MiB of heap more%n", grown / MIB);
            assertThat(grown).isLessThan(192 * MIB);
        }
    }

    private static long order(Quarantine quarantine, QuarantineFilter which) throws Exception {
        return quarantine.order(Action.RELEASE, which, "maria", "");
    }

    private static <T> T timed(String what, Callable<T> work) throws Exception {
        long begun = System.nanoTime();
        T result = work.call();
        long millis = (System.nanoTime() - begun) / 1_000_000;
        System.out.printf("quarantine of %,d: %s in %,d ms%n", HELD, what, millis);
        assertThat(millis).as(what).isLessThan(300_000);
        return result;
    }

    private static KafkaMailQueue queue(EmbeddedBroker broker) {
        return new KafkaMailQueue(
                KafkaQueueSettings.of(
                        broker.bootstrapServers(),
                        "quarantine",
                        KafkaQueueSettings.Durability.singleNode()),
                InstantSource.system(),
                fatal -> {
                    throw new AssertionError(fatal);
                });
    }

    private static void prepare(KafkaMailQueue queue) throws Exception {
        queue.prepare(
                List.of(
                        new TopicPlan(Topics.QUARANTINE, 4, Optional.empty(), true),
                        new TopicPlan(
                                Topics.QUARANTINE_ORDERS, 4, Optional.of(TIME.plus(TIME)), true),
                        new TopicPlan(Topics.outbound(STREAM), 4, Optional.empty(), false),
                        new TopicPlan(Topics.EVENTS, 4, Optional.of(TIME), false),
                        new TopicPlan(Topics.DEAD_LETTER, 1, Optional.empty(), false)));
    }

    private static BodyRef body(MemoryBodyStore store) throws Exception {
        try (BodyWriter writer = store.begin(Generation.QUARANTINE, Duration.ofSeconds(1))) {
            byte[] bytes = "Subject: x\r\n\r\ny\r\n".getBytes(StandardCharsets.US_ASCII);
            writer.write(bytes, 0, bytes.length);
            return writer.commit("x", new byte[0], Duration.ofSeconds(5));
        }
    }

    private static void hold(KafkaMailQueue queue, BodyRef body) throws Exception {
        for (int from = 0; from < HELD; from += BATCH) {
            List<OutgoingRecord> batch = new ArrayList<>();
            for (int i = from; i < from + BATCH; i++) {
                Job job = Job.first(EncodedEnvelope.of(envelope(i)), body, 0, true);
                batch.add(new OutgoingRecord(Topics.QUARANTINE, job.mailId().value(), job));
            }
            queue.publisher().publish(batch, Duration.ofSeconds(60));
        }
    }

    private static Envelope envelope(int number) {
        return new Envelope(
                MailId.next(InstantSource.system()),
                STREAM,
                new ReversePath.From(EmailAddress.of("sender" + number % 1000 + "@example.com")),
                List.of(new Recipient(EmailAddress.of("r" + number + "@example.org"))),
                Ret.NOT_GIVEN,
                Optional.empty(),
                BodyType.SEVEN_BIT,
                false,
                new Client("192.0.2.1", "client.example.com", Optional.empty()),
                Optional.of("<" + number + "@example.com>"),
                Handling.ORDINARY.stoppingAt(
                        new FirstStop.Quarantine("rspamd: spam (15.00 of 15.00)")),
                "X-Spam: Yes\r\nX-Spam-Score: 15.00\r\n");
    }

    private static long unsettledOrders(KafkaMailQueue queue) throws Exception {
        long[] left = {0};
        queue.scanner()
                .scan(
                        Topics.QUARANTINE_ORDERS_GROUP,
                        List.of(Topics.QUARANTINE_ORDERS),
                        _ -> left[0]++);
        return left[0];
    }

    /** Ids of released jobs; one that was released twice fails. */
    private static Set<String> released(KafkaMailQueue queue) throws Exception {
        Set<String> ids = new HashSet<>();
        queue.scanner()
                .scan(
                        Topics.DELIVERY_GROUP,
                        List.of(Topics.outbound(STREAM)),
                        record -> assertThat(ids.add(((Job) record.content()).id())).isTrue());
        return ids;
    }

    /** What is left after a collection, in octets. */
    private static long liveHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
