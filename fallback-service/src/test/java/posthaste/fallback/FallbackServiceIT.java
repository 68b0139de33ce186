package posthaste.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import posthaste.body.BodyStore;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Notice;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Tier;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.MailQueue;
import posthaste.queue.QueuedRecord;
import posthaste.queue.Settlement;
import posthaste.queue.kafka.KafkaMailQueue;
import posthaste.queue.kafka.KafkaQueueSettings;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.Transaction;

/** The service as it runs, on tiers of parts of a second. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FallbackServiceIT {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Tier FIRST = Tier.of(Duration.ofMillis(300));
    private static final Tier SECOND = Tier.of(Duration.ofMillis(700));

    private final ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
    private final List<QueuedRecord> written = new CopyOnWriteArrayList<>();

    private EmbeddedBroker broker;
    private KafkaMailQueue watching;
    private ConfigurableApplicationContext service;

    @BeforeAll
    void start(@TempDir Path folder) {
        broker = EmbeddedBroker.start(folder.resolve("broker"), BrokerSettings.forTests());
        SpringApplication application = new SpringApplication(FallbackApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        service =
                application.run(
                        "--posthaste.data-dir=" + folder,
                        "--posthaste.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                        "--posthaste.queue.partitions=2",
                        "--posthaste.queue.replication=1",
                        "--posthaste.queue.min-insync-replicas=1",
                        "--posthaste.queue.flush-every-record=true",
                        "--posthaste.queue.drain=2s",
                        "--posthaste.queue.in-flight=20",
                        "--posthaste.outbound.start-connections=2",
                        "--posthaste.outbound.max-connections=2",
                        "--posthaste.retry.tiers=300ms,700ms",
                        "--posthaste.retry.lifetime=2h",
                        "--posthaste.retry.delay-warning=1h",
                        "--posthaste.routing.relay-to=" + peer.hostAndPort());
        watching =
                new KafkaMailQueue(
                        KafkaQueueSettings.of(
                                broker.bootstrapServers(),
                                "watching",
                                KafkaQueueSettings.Durability.singleNode()),
                        CLOCK,
                        cause -> {
                            throw new IllegalStateException(cause);
                        });
        Map<String, Duration> topics = new HashMap<>();
        for (String topic :
                List.of(
                        Topics.EVENTS,
                        Topics.BOUNCE,
                        Topics.DEAD_LETTER,
                        Topics.deferred(FIRST),
                        Topics.deferred(SECOND))) {
            topics.put(topic, Duration.ZERO);
        }
        watching.consumer(
                        new ConsumerPlan(
                                "watching",
                                "watching",
                                topics,
                                1000,
                                Duration.ofMillis(10),
                                Duration.ofSeconds(1)),
                        record -> {
                            written.add(record);
                            return Settlement.nothing();
                        })
                .start();
    }

    @AfterAll
    void stop() {
        service.close();
        watching.close();
        broker.close();
        peer.close();
    }

    @Test
    void aGreylistedMailIsDeliveredWhenItsTimeHasCome() throws Exception {
        peer.onRcpt("grey@x.org").times(2).reply("451 4.7.1 come back later");
        MailId mail = defer(CLOCK.instant(), "grey@x.org");

        await().atMost(SOON).until(() -> events(mail).size() == 3);

        assertThat(events(mail))
                .extracting(
                        event -> event.attempt().orElseThrow().number(),
                        event -> event.entries().getFirst().kind())
                .containsExactlyInAnyOrder(
                        tuple(2, Event.Kind.DEFERRED),
                        tuple(3, Event.Kind.DEFERRED),
                        tuple(4, Event.Kind.DELIVERED));
        assertThat(taken("grey@x.org"))
                .extracting(Transaction::messageText)
                .containsExactly(Mails.MESSAGE);
        await().atMost(SOON).until(() -> on(Topics.deferred(SECOND), mail).size() == 2);
    }

    @Test
    void noAttemptIsMadeBeforeTheTimeThatWasPromised() throws Exception {
        peer.onRcpt("early@x.org").once().reply("451 4.7.1 come back later");
        MailId mail = defer(CLOCK.instant(), "early@x.org");

        await().atMost(SOON).until(() -> events(mail).size() == 2);

        Event deferred = event(mail, 2);
        Event delivered = event(mail, 3);
        Instant promised = deferred.entries().getFirst().nextAttemptAt().orElseThrow();
        assertThat(promised).isEqualTo(deferred.at().plus(SECOND.delay()));
        assertThat(delivered.attempt().orElseThrow().details().startedAt())
                .isAfterOrEqualTo(promised.minusMillis(5));
    }

    @Test
    void aHeldMailIsFirstTriedWhenItsTimeHasCome() throws Exception {
        Instant until = CLOCK.instant().plusMillis(1600);
        OutgoingRecord job =
                Mails.held(service.getBean(BodyStore.class), FIRST, until, "held@x.org");
        publish(job);
        MailId mail = job.content().mailId();

        await().atMost(SOON).until(() -> !taken("held@x.org").isEmpty());

        await().atMost(SOON)
                .until(() ->
                        events(mail).getLast().entries().getFirst().kind() == Event.Kind.DELIVERED);
        Event.Attempt attempt = events(mail).getLast().attempt().orElseThrow();
        assertThat(attempt.number()).isOne();
        assertThat(attempt.details().startedAt()).isAfterOrEqualTo(until);
        assertThat(events(mail).subList(0, events(mail).size() - 1))
                .isNotEmpty()
                .allSatisfy(event -> {
                    assertThat(event.attempt().orElseThrow().number()).isZero();
                    assertThat(event.entries().getFirst().reason()).startsWith("held until");
                });
    }

    @Test
    void aMailThatIsTooOldIsGivenUpAfterAnAttempt() throws Exception {
        peer.onRcpt("never@x.org").reply("451 4.7.1 come back later");
        MailId mail = defer(CLOCK.instant().minus(Duration.ofHours(2)), "never@x.org");

        await().atMost(SOON).until(() -> !on(Topics.BOUNCE, mail).isEmpty());

        assertThat(((Notice) on(Topics.BOUNCE, mail).getFirst()).entries())
                .extracting(Notice.Entry::action)
                .containsExactly(Notice.Action.EXPIRED);
        assertThat(on(Topics.deferred(SECOND), mail)).isEmpty();
    }

    @Test
    void aMailThatCanStillBeDeliveredIsDeliveredHoweverOldItIs() throws Exception {
        MailId mail = defer(CLOCK.instant().minus(Duration.ofDays(30)), "old@x.org");

        await().atMost(SOON).until(() -> events(mail).size() == 1);

        assertThat(events(mail).getFirst().entries().getFirst().kind())
                .isEqualTo(Event.Kind.DELIVERED);
        assertThat(taken("old@x.org")).hasSize(1);
    }

    @Test
    void aLateMailIsWarnedOfOnceAndItsBodyTakenAlong() throws Exception {
        peer.onRcpt("late@x.org").times(2).reply("451 4.7.1 come back later");
        MailId mail = defer(CLOCK.instant().minus(Duration.ofMinutes(61)), "late@x.org");

        await().atMost(SOON).until(() -> events(mail).size() == 3);

        await().atMost(SOON).until(() -> on(Topics.deferred(SECOND), mail).size() == 2);
        assertThat(on(Topics.deferred(SECOND), mail))
                .allSatisfy(
                        record -> assertThat(((Job) record).body().key()).startsWith("deferred/"));
        await().atMost(SOON).until(() -> !on(Topics.BOUNCE, mail).isEmpty());
        assertThat(on(Topics.BOUNCE, mail)).hasSize(1);
        assertThat(((Notice) on(Topics.BOUNCE, mail).getFirst()).entries())
                .extracting(Notice.Entry::action)
                .containsExactly(Notice.Action.DELAYED);
    }

    @Test
    void aRefusalAtALaterAttemptIsHandedToTheBounceService() throws Exception {
        peer.onRcpt("gone@x.org").reply("550 5.1.1 no such user");
        MailId mail = defer(CLOCK.instant(), "gone@x.org", "here@x.org");

        await().atMost(SOON).until(() -> !on(Topics.BOUNCE, mail).isEmpty());

        assertThat(((Notice) on(Topics.BOUNCE, mail).getFirst()).entries())
                .extracting(Notice.Entry::recipient, Notice.Entry::action)
                .containsExactly(tuple(0, Notice.Action.FAILED));
        assertThat(taken("here@x.org")).hasSize(1);
    }

    /** The campaign has six places in flight, so most of it is due and still in its log. */
    @Test
    void aTransactionalMailThatIsDueIsTriedBeforeTheCampaignThatIsDueToo() throws Exception {
        peer.onRcpt("reader@x.org").after(Duration.ofMillis(200)).replyAsUsual();
        BodyStore store = service.getBean(BodyStore.class);
        List<OutgoingRecord> campaign = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            campaign.add(
                    Mails.deferred(
                            new Stream("bulk"), store, FIRST, CLOCK.instant(), "reader@x.org"));
        }
        service.getBean(MailQueue.class).publisher().publish(campaign, Duration.ofSeconds(20));
        await().atMost(SOON).until(() -> !taken("reader@x.org").isEmpty());
        int before = taken("reader@x.org").size();
        defer(CLOCK.instant(), "reset@x.org");
        await().atMost(SOON).until(() -> !taken("reset@x.org").isEmpty());

        List<Transaction> all = peer.accepted();
        int reset = all.indexOf(taken("reset@x.org").getFirst());
        long further =
                all.subList(0, reset).stream()
                                .filter(one -> one.recipients().contains("reader@x.org"))
                                .count()
                        - before;
        assertThat(further)
                .as("while it waited its time, and those under way")
                .isLessThanOrEqualTo(30);
        assertThat(before + further).as("the campaign was not over").isLessThan(90);
    }

    @Test
    void aRecordWithoutAPlaceOnATierIsADeadLetter() throws Exception {
        MailId mail = defer(CLOCK.instant(), "stray@x.org");
        await().atMost(SOON).until(() -> events(mail).size() == 1);

        publish(new OutgoingRecord(Topics.deferred(FIRST), "x.org", events(mail).getFirst()));

        await().atMost(SOON).until(() -> on(Topics.DEAD_LETTER, mail).size() == 1);
    }

    private MailId defer(Instant acceptedAt, String... recipients) throws Exception {
        OutgoingRecord job =
                Mails.deferred(service.getBean(BodyStore.class), FIRST, acceptedAt, recipients);
        publish(job);
        return job.content().mailId();
    }

    private void publish(OutgoingRecord record) throws Exception {
        service.getBean(MailQueue.class)
                .publisher()
                .publish(List.of(record), Duration.ofSeconds(20));
    }

    private List<Transaction> taken(String recipient) {
        return peer.accepted().stream().filter(t -> t.recipients().contains(recipient)).toList();
    }

    private List<Event> events(MailId mail) {
        return on(Topics.EVENTS, mail).stream().map(Event.class::cast).toList();
    }

    private Event event(MailId mail, int attempt) {
        return events(mail).stream()
                .filter(event -> event.attempt().orElseThrow().number() == attempt)
                .findFirst()
                .orElseThrow();
    }

    private List<MailRecord> on(String topic, MailId mail) {
        return written.stream()
                .filter(record -> record.topic().equals(topic))
                .map(QueuedRecord::content)
                .filter(content -> content.mailId().equals(mail))
                .toList();
    }
}
