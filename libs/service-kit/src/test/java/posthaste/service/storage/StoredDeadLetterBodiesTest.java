package posthaste.service.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.body.BodyWriter;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.StoredBody;
import posthaste.body.memory.MemoryBodyStore;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.NamedBody;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Split;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.DeadLetter;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueueConsumer;
import posthaste.queue.Settlement;
import posthaste.queue.memory.MemoryMailQueue;

/** From a queue to the dead letters and back: the record and the body that it names. */
class StoredDeadLetterBodiesTest {
    private static final byte[] BODY =
            "Subject: x\r\n\r\nbody\r\n".getBytes(StandardCharsets.UTF_8);
    private static final String TOPIC = "mail.outbound.bulk";

    private final MemoryBodyStore store = new MemoryBodyStore(new MemoryBudget(1 << 20));
    private final StoredDeadLetterBodies bodies =
            new StoredDeadLetterBodies(store, Duration.ofMinutes(30));

    @Test
    void whatCannotBeWrittenIsRenewedLongBeforeItsBodyGrowsTooOld() {
        assertThat(bodies.renewal()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aDeadLetterNamesACopyAndComesBackWithOneThatAQueueKeeps() throws Exception {
        Job job = job();
        try (MemoryMailQueue queue = new MemoryMailQueue(InstantSource.system(), bodies)) {
            queue.publisher()
                    .publish(
                            List.of(new OutgoingRecord(TOPIC, job.domain(), job)),
                            Duration.ofSeconds(5));
            poisonAll(queue);
            store.lose(job.body());

            DeadLetter letter = deadLetters(queue).getFirst();
            BodyRef copy = body(letter.content().orElseThrow());
            assertThat(copy.key()).startsWith("dead-letter/");
            assertThat(read(copy)).isEqualTo(BODY);
            // Whoever scans the topic, as the janitor and fsck do, is told of the copy as well.
            List<BodyRef> scanned = new ArrayList<>();
            queue.scanner()
                    .scan(
                            Topics.DEAD_LETTER_GROUP,
                            List.of(Topics.DEAD_LETTER),
                            record -> scanned.add(body(record.content())));
            assertThat(scanned).containsExactly(copy);

            List<DeadLetter.Fate> fates = new ArrayList<>();
            queue.deadLetters().putBack(_ -> true, (_, fate) -> fates.add(fate));
            assertThat(fates).containsExactly(new DeadLetter.Fate.PutBack());
            assertThat(deadLetters(queue)).isEmpty();
            List<Job> back = new ArrayList<>();
            queue.scanner()
                    .scan("nobody", List.of(TOPIC), record -> back.add((Job) record.content()));
            Job again = back.getLast();
            assertThat(again.body().key()).startsWith("deferred/");
            assertThat(read(again.body())).isEqualTo(BODY);
            assertThat(again.withBody(job.body())).isEqualTo(job);
        }
    }

    @Test
    void aLetterWithoutItsBodyIsNotedAndLeftWhereItIs() throws Exception {
        Job job = job();
        store.lose(job.body());
        try (MemoryMailQueue queue = new MemoryMailQueue(InstantSource.system(), bodies)) {
            queue.publisher()
                    .publish(
                            List.of(new OutgoingRecord(TOPIC, job.domain(), job)),
                            Duration.ofSeconds(5));
            poisonAll(queue);
            assertThat(deadLetters(queue).getFirst().bodyNote()).contains("no body at");
            List<DeadLetter.Fate> fates = new ArrayList<>();
            queue.deadLetters().putBack(_ -> true, (_, fate) -> fates.add(fate));
            assertThat(fates)
                    .containsExactly(new DeadLetter.Fate.Left("its body is missing or damaged"));
            assertThat(deadLetters(queue)).hasSize(1);
        }
    }

    @Test
    void aStoreThatIsAwayCondemnsNoBody() throws Exception {
        Job job = job();
        store.setAvailable(false);
        assertThatThrownBy(() -> bodies.keep(job)).isInstanceOf(PartUnavailableException.class);
        assertThatThrownBy(() -> bodies.release(job)).isInstanceOf(PartUnavailableException.class);
    }

    @Test
    void aSplitIsCopiedAsWell() throws Exception {
        Job job = job();
        Split split = new Split(job.envelope(), job.body());
        assertThat(bodies.keep(split).copy()).isPresent();
        assertThat(body(bodies.release(split).orElseThrow()).key()).startsWith("deferred/");
    }

    private static void poisonAll(MemoryMailQueue queue) {
        QueueConsumer consumer =
                queue.consumer(
                        new ConsumerPlan(
                                "test",
                                "test",
                                Map.of(TOPIC, Duration.ZERO),
                                10,
                                Duration.ofMillis(10),
                                Duration.ofSeconds(1)),
                        _ -> new Settlement.Poison("a test"));
        consumer.start();
        await().until(() -> consumer.statistics().poisoned() == 1);
        consumer.close();
    }

    private static List<DeadLetter> deadLetters(MemoryMailQueue queue) throws Exception {
        List<DeadLetter> letters = new ArrayList<>();
        queue.deadLetters().list(letters::add);
        return letters;
    }

    private static BodyRef body(MailRecord record) {
        return NamedBody.of(record).orElseThrow().body();
    }

    private byte[] read(BodyRef ref) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (StoredBody body = store.open(ref)) {
            body.writeTo(out);
        }
        return out.toByteArray();
    }

    private Job job() throws Exception {
        EncodedEnvelope envelope =
                EncodedEnvelope.of(
                        new Envelope(
                                MailId.derived(Instant.EPOCH, "a test"),
                                new Stream("bulk"),
                                ReversePath.NULL,
                                List.of(new Recipient(EmailAddress.of("a@x.org"))),
                                Ret.NOT_GIVEN,
                                Optional.empty(),
                                BodyType.SEVEN_BIT,
                                false,
                                Client.LOCAL,
                                Optional.empty()));
        try (BodyWriter writer = store.begin(Generation.PRIMARY, Duration.ZERO)) {
            writer.write(BODY, 0, BODY.length);
            BodyRef body = writer.commit("a test", envelope.toByteArray(), Duration.ofSeconds(1));
            return Job.first(envelope, body, 0, false);
        }
    }
}
