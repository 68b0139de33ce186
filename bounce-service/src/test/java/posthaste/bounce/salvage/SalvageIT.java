package posthaste.bounce.salvage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.body.BodyCopier;
import posthaste.body.BodyWriter;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.StoredBody;
import posthaste.body.memory.MemoryBodyStore;
import posthaste.bounce.audit.AuditLab;
import posthaste.bounce.audit.AuditReport;
import posthaste.bounce.audit.NotUnaccountedException;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.LogSearch;
import posthaste.bounce.deliverylog.LoggedEvent;
import posthaste.bounce.deliverylog.MailLock;
import posthaste.bounce.deliverylog.Story;
import posthaste.mail.envelope.MailId;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Notice;
import posthaste.mail.record.Split;
import posthaste.mail.record.Topics;
import posthaste.queue.QueuedRecord;

/** Mail that was lost, and what an operator orders about it. */
class SalvageIT extends AuditLab {
    private static final String MESSAGE = "Subject: hello\r\n\r\nHello.\r\n";

    private final MemoryBodyStore store =
            new MemoryBodyStore(
                    new MemoryBudget(1 << 24), Long.MAX_VALUE, clock, Duration.ofMinutes(10));
    private final LogAccounts accounts = new LogAccounts(postgres.database());
    private final LogSearch search = new LogSearch(postgres.database(), new SimpleMeterRegistry());

    @Test
    void aLostMailIsPutBackWithItsMessageAndOnlyOnce() throws Exception {
        tailEvents();
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        accept(story);
        takeAwayWhatIsQueued();
        clock.advance(Duration.ofHours(3));
        awaitUnaccounted(1);

        CarriedOut done = order(Order.REQUEUE, story).orElseThrow();
        assertThat(done.recipients()).containsExactly("ann@example.org");
        Job job = (Job) only(Topics.DELIVERY_GROUP, OUTBOUND);
        assertThat(job.id()).isEqualTo(story.id() + ".0");
        assertThat(job.derived()).isTrue();
        assertThat(job.attempts()).isZero();
        assertThat(read(job.body())).isEqualTo(MESSAGE);
        assertThat(job.body().key()).startsWith("deferred/20261122T150000/");

        assertThatThrownBy(() -> order(Order.REQUEUE, story))
                .isInstanceOf(NotUnaccountedException.class);
        AuditReport report = audit().run();
        assertThat(report.unaccounted()).isZero();
        assertThat(report.queued()).isEqualTo(1);
        assertThat(events(story))
                .extracting(LoggedEvent::kind, LoggedEvent::reason)
                .containsExactly(
                        tuple("requeued", "It was unaccounted; maria put it back into the queue."));
    }

    @Test
    void aMailThatIsLostAgainCanBePutBackAgain() throws Exception {
        tailEvents();
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        accept(story);
        for (int i = 1; i <= 2; i++) {
            takeAwayWhatIsQueued();
            clock.advance(Duration.ofHours(1));
            awaitUnaccounted(1);
            assertThat(order(Order.REQUEUE, story)).isPresent();
        }
        awaitEvents(story, 2);
    }

    @Test
    void ofASplitJustThoseWhoAreMissingArePutBack() throws Exception {
        tailEvents();
        Story story =
                Story.of(
                        NOON, "app@example.com", "a@one.example", "b@two.example", "c@two.example");
        accept(story);
        takeAwayWhatIsQueued();
        publish(
                Topics.EVENTS,
                story.delivered("a@one.example", 1, NOON),
                story.delivered("b@two.example", 1, NOON),
                story.deferred("c@two.example", 3, NOON, NOON.plusSeconds(60)));
        clock.advance(Duration.ofHours(1));
        awaitUnaccounted(1);
        order(Order.REQUEUE, story);
        Job job = (Job) only(Topics.DELIVERY_GROUP, OUTBOUND);
        assertThat(job.id()).isEqualTo(story.id() + ".1");
        assertThat(job.pendingRecipients())
                .extracting(one -> one.address().toString())
                .containsExactly("c@two.example");
        assertThat(job.attempts()).isEqualTo(3);
    }

    @Test
    void aLostNoticeIsBouncedWithWhatTheRemoteServerSaid() throws Exception {
        tailEvents();
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        accept(story);
        takeAwayWhatIsQueued();
        publish(Topics.EVENTS, story.failed("ann@example.org", 1, NOON));
        clock.advance(Duration.ofHours(1));
        awaitUnaccounted(1);
        order(Order.BOUNCE, story);
        Notice notice = (Notice) only(Topics.BOUNCE_GROUP, Topics.BOUNCE);
        assertThat(notice.id()).isEqualTo(story.id() + ".0/failed/0");
        assertThat(notice.entries().getFirst().reply().orElseThrow())
                .hasToString("550 5.1.1 no such user");
        assertThat(notice.entries().getFirst().remoteHost()).isEqualTo("mx1.example.org");
        assertThat(read(notice.body())).isEqualTo(MESSAGE);
        assertThat(audit().run().queued()).isEqualTo(1);
    }

    @Test
    void ofAMessageThatIsGoneTheSenderCanBeToldAllTheSame() throws Exception {
        tailEvents();
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        publish(OUTBOUND, story.acceptance());
        takeAwayWhatIsQueued();
        clock.advance(Duration.ofHours(1));
        awaitUnaccounted(1);
        assertThatThrownBy(() -> order(Order.REQUEUE, story))
                .isInstanceOf(MessageGoneException.class);
        assertThat(audit().run().unaccounted()).isEqualTo(1);

        order(Order.BOUNCE, story);
        Notice notice = (Notice) only(Topics.BOUNCE_GROUP, Topics.BOUNCE);
        assertThat(notice.envelope().envelope().reversePath()).hasToString("app@example.com");
        assertThat(notice.entries().getFirst().status()).hasToString("5.3.0");
        assertThat(read(notice.body())).contains("Message-ID: <1@app.example.com>\r\n");
        assertThat(events(story))
                .extracting(LoggedEvent::reason)
                .containsExactly("It was unaccounted; maria gave it up.");
    }

    @Test
    void whatIsRemovedHasEnded() throws Exception {
        tailEvents();
        Story story = Story.of(NOON, "app@example.com", "ann@example.org", "bob@example.net");
        publish(OUTBOUND, story.acceptance());
        takeAwayWhatIsQueued();
        clock.advance(Duration.ofHours(1));
        awaitUnaccounted(2);
        assertThat(order(Order.REMOVE, story).orElseThrow().recipients())
                .containsExactlyInAnyOrder("ann@example.org", "bob@example.net");
        await().until(() -> audit().run().removed() == 2);
        assertThat(audit().run().unaccounted()).isZero();
        assertThatThrownBy(() -> order(Order.REMOVE, story))
                .isInstanceOf(NotUnaccountedException.class);
    }

    @Test
    void whoIsNotMissingIsLeftAlone() throws Exception {
        tailEvents();
        Story queued = Story.of(NOON, "app@example.com", "queued@example.org");
        Story ended = Story.of(NOON, "app@example.com", "ended@example.org");
        Story fresh = Story.of(NOON, "app@example.com", "fresh@example.org");
        accept(ended);
        accept(fresh);
        takeAwayWhatIsQueued();
        accept(queued);
        publish(Topics.EVENTS, ended.delivered("ended@example.org", 1, NOON));
        awaitAccepted(3);
        for (Order order : Order.values()) {
            assertThatThrownBy(() -> order(order, fresh))
                    .isInstanceOf(NotUnaccountedException.class);
        }
        clock.advance(Duration.ofHours(1));
        await().until(() -> audit().run().delivered() == 1);
        for (Order order : Order.values()) {
            for (Story story : List.of(queued, ended)) {
                assertThatThrownBy(() -> order(order, story))
                        .isInstanceOf(NotUnaccountedException.class)
                        .hasMessageContaining("Nobody of this mail is unaccounted");
            }
        }
        assertThat(order(Order.REMOVE, Story.of(NOON, "", "nobody@example.org"))).isEmpty();
        assertThat(standing(Topics.DELIVERY_GROUP, OUTBOUND)).hasSize(1);
        assertThat(standing(Topics.BOUNCE_GROUP, Topics.BOUNCE)).isEmpty();
    }

    @Test
    void behindALogThatLagsNothingIsOrdered() throws Exception {
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        accept(story);
        takeAwayWhatIsQueued();
        awaitAccepted(1);
        publish(Topics.EVENTS, story.delivered("ann@example.org", 1, NOON));
        clock.advance(Duration.ofHours(1));
        assertThatThrownBy(() -> order(Order.REQUEUE, story))
                .isInstanceOf(NotUnaccountedException.class)
                .hasMessageContaining("1 records to read");
        assertThat(standing(Topics.DELIVERY_GROUP, OUTBOUND)).isEmpty();
    }

    @Test
    void twoOrdersAtOnceAreOne() throws Exception {
        tailEvents();
        Story story = Story.of(NOON, "app@example.com", "ann@example.org");
        accept(story);
        takeAwayWhatIsQueued();
        clock.advance(Duration.ofHours(1));
        awaitUnaccounted(1);
        try (MailLock _ = accounts.lock(story.id()).orElseThrow()) {
            assertThatThrownBy(() -> order(Order.REQUEUE, story))
                    .isInstanceOf(NotUnaccountedException.class)
                    .hasMessageContaining("Another order");
        }
        assertThat(order(Order.REQUEUE, story)).isPresent();
    }

    private Optional<CarriedOut> order(Order order, Story story) throws Exception {
        return new Salvage(
                        audit(),
                        accounts,
                        search,
                        new StoredMessages(store),
                        new BodyCopier(store),
                        new Reconstruction(store),
                        queue.publisher(),
                        clock,
                        new SimpleMeterRegistry())
                .carryOut(order, story.id(), "maria");
    }

    /** With a body in the store. */
    private void accept(Story story) throws Exception {
        EncodedEnvelope envelope = EncodedEnvelope.of(story.envelope());
        BodyRef body = store(story.id(), envelope);
        publish(
                OUTBOUND,
                Split.isNeededFor(story.envelope())
                        ? new Split(envelope, body)
                        : Job.first(envelope, body, 0, false));
    }

    private BodyRef store(MailId id, EncodedEnvelope envelope) throws Exception {
        byte[] message = MESSAGE.getBytes(StandardCharsets.US_ASCII);
        try (BodyWriter writer = store.begin(Generation.PRIMARY, Duration.ofSeconds(1))) {
            writer.write(message, 0, message.length);
            return writer.commit(id.value(), envelope.toByteArray(), Duration.ofSeconds(5));
        }
    }

    private String read(BodyRef ref) throws Exception {
        try (StoredBody body = store.open(ref)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            body.writeTo(out);
            return out.toString(StandardCharsets.US_ASCII);
        }
    }

    private void awaitUnaccounted(int recipients) {
        await().until(() -> audit().run().unaccounted() == recipients);
    }

    private void awaitEvents(Story story, int count) {
        await().until(() -> events(story).size() == count);
    }

    private List<LoggedEvent> events(Story story) throws Exception {
        await().until(() -> !search.story(story.id()).orElseThrow().events().isEmpty());
        return search.story(story.id()).orElseThrow().events();
    }

    private MailRecord only(String group, String topic) throws Exception {
        List<QueuedRecord> records = standing(group, topic);
        assertThat(records).hasSize(1);
        return records.getFirst().content();
    }

    private List<QueuedRecord> standing(String group, String topic) throws Exception {
        List<QueuedRecord> records = new ArrayList<>();
        queue.scanner().scan(group, List.of(topic), records::add);
        return records;
    }
}
