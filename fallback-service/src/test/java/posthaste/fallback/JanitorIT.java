package posthaste.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import posthaste.body.BodyStore;
import posthaste.body.inventory.BodyInventory;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.mail.record.Job;
import posthaste.mail.record.NamedBody;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Split;
import posthaste.mail.record.Tier;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.MailQueue;
import posthaste.queue.PartitionMark;
import posthaste.queue.PartitionMark.Standing;
import posthaste.queue.QueueConsumer;
import posthaste.queue.Settlement;
import posthaste.queue.kafka.KafkaMailQueue;
import posthaste.queue.kafka.KafkaQueueSettings;
import posthaste.testing.ScriptedSmtpPeer;

/** The janitor as it runs, with slots, bounds and grace of seconds, on real broker and files. */
class JanitorIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Tier FIRST = Tier.of(Duration.ofMillis(300));
    private static final Tier LONG = Tier.of(Duration.ofHours(1));

    @TempDir Path folder;
    private final ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
    private EmbeddedBroker broker;
    private ConfigurableApplicationContext service;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), BrokerSettings.forTests());
        service = startService();
    }

    @AfterEach
    void stop() {
        service.close();
        broker.close();
        peer.close();
    }

    @Test
    void whatIsDoneGoesAndWhatSomebodyNeedsStaysAlsoOverARestart() throws Exception {
        // Done: delivered, and its body and records are gone after a while, under steady load.
        long most = 0;
        Instant until = Instant.now().plusSeconds(7);
        int sent = 0;
        while (Instant.now().isBefore(until)) {
            defer("user" + sent++ + "@x.org");
            most = Math.max(most, stored("primary").size());
            Thread.sleep(100);
        }
        int mails = sent;
        await().atMost(SOON).until(() -> peer.accepted().size() == mails);
        await().atMost(SOON).untilAsserted(() -> assertThat(stored("primary")).isEmpty());
        await().atMost(SOON).untilAsserted(() -> assertThat(records(FIRST)).isZero());
        // A slot is a second; what stands in it lives for about five, in a few segments.
        assertThat(most).as("segments at once").isLessThan(25);

        // Still needed: by a later attempt, by an operator, and by a bounce-service that is away.
        peer.onRcpt("later@x.org").reply("451 4.7.1 come back later");
        defer("later@x.org");
        publish(stray());
        await().atMost(SOON).until(() -> records(LONG) == 1);
        await().atMost(SOON).until(() -> records(Topics.DEAD_LETTER) == 1);
        String ofLater = bodyOfTheDeferred();
        String ofStray = bodyOfTheDeadLetter();
        await().atMost(SOON).untilAsserted(() -> assertThat(stored("primary")).isEmpty());
        peer.onRcpt("gone@x.org").reply("550 5.1.1 no such user");
        defer("gone@x.org");
        await().atMost(SOON).until(() -> records(Topics.BOUNCE) == 1);
        String ofNotice = bodyOfTheNotice();

        service.close();
        service = startService();
        defer("another@x.org");
        await().atMost(SOON).until(() -> peer.accepted().size() == mails + 1);
        // More than slot, bound and grace, and any number of runs.
        Thread.sleep(7_000);

        assertThat(stored("")).contains(ofLater, ofStray, ofNotice);
        assertThat(records(LONG)).isOne();
        assertThat(records(Topics.DEAD_LETTER)).isOne();
        assertThat(records(Topics.BOUNCE)).isOne();

        // The bounce-service comes back.
        settle(Topics.BOUNCE_GROUP, Topics.BOUNCE, 1);
        await().atMost(SOON).untilAsserted(() -> assertThat(stored("primary")).isEmpty());
        await().atMost(SOON).until(() -> records(Topics.BOUNCE) == 0);
        assertThat(stored("")).contains(ofLater, ofStray);
    }

    private String bodyOfTheDeferred() throws Exception {
        return body(Topics.FALLBACK_GROUP, Topics.deferred(LONG));
    }

    private String bodyOfTheDeadLetter() throws Exception {
        return body(Topics.DEAD_LETTER_GROUP, Topics.DEAD_LETTER);
    }

    private String bodyOfTheNotice() throws Exception {
        return body(Topics.BOUNCE_GROUP, Topics.BOUNCE);
    }

    /** That the one unsettled record of a topic names. */
    private String body(String group, String topic) throws Exception {
        List<String> keys = new ArrayList<>();
        service.getBean(MailQueue.class)
                .scanner()
                .scan(
                        group,
                        List.of(topic),
                        record ->
                                keys.add(
                                        NamedBody.of(record.content()).orElseThrow().body().key()));
        assertThat(keys).hasSize(1);
        return keys.getFirst();
    }

    private ConfigurableApplicationContext startService() {
        SpringApplication application = new SpringApplication(FallbackApplication.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application.run(
                "--posthaste.data-dir=" + folder,
                "--posthaste.instance=janitor-it",
                "--posthaste.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                "--posthaste.queue.partitions=2",
                "--posthaste.queue.replication=1",
                "--posthaste.queue.min-insync-replicas=1",
                "--posthaste.queue.flush-every-record=true",
                "--posthaste.queue.drain=2s",
                "--posthaste.retry.tiers=300ms,600ms,1h",
                "--posthaste.body.slot=1s",
                "--posthaste.body.primary-bound=2s",
                "--posthaste.janitor.interval=300ms",
                "--posthaste.janitor.grace=2s",
                "--posthaste.routing.relay-to=" + peer.hostAndPort());
    }

    private void defer(String recipient) throws Exception {
        publish(Mails.deferred(service.getBean(BodyStore.class), FIRST, Instant.now(), recipient));
    }

    /** A record that has no place on a tier, and names a body. */
    private OutgoingRecord stray() throws Exception {
        OutgoingRecord mail =
                Mails.deferred(
                        service.getBean(BodyStore.class), FIRST, Instant.now(), "stray@x.org");
        Job job = (Job) mail.content();
        return new OutgoingRecord(mail.topic(), "x.org", new Split(job.envelope(), job.body()));
    }

    private void publish(OutgoingRecord record) throws Exception {
        service.getBean(MailQueue.class)
                .publisher()
                .publish(List.of(record), Duration.ofSeconds(20));
    }

    private List<String> stored(String generation) throws Exception {
        List<String> keys = new ArrayList<>();
        service.getBean(BodyInventory.class)
                .visit(object -> {
                    if (object.key().toString().startsWith(generation)) {
                        keys.add(object.key().toString());
                    }
                });
        return keys;
    }

    private long records(Tier tier) throws Exception {
        return records(Topics.deferred(tier));
    }

    /** That stand on a topic, done or not. */
    private long records(String topic) throws Exception {
        long records = 0;
        for (PartitionMark mark :
                service.getBean(MailQueue.class).marks().marks("nobody", List.of(topic))) {
            Standing.Known known = (Standing.Known) mark.standing();
            records += known.end() - known.start();
        }
        return records;
    }

    private void settle(String group, String topic, int count) {
        KafkaQueueSettings settings =
                KafkaQueueSettings.of(
                        broker.bootstrapServers(),
                        "stand-in",
                        KafkaQueueSettings.Durability.singleNode());
        try (KafkaMailQueue queue =
                        new KafkaMailQueue(
                                settings,
                                InstantSource.system(),
                                cause -> {
                                    throw new IllegalStateException(cause);
                                });
                QueueConsumer consumer =
                        queue.consumer(
                                new ConsumerPlan(
                                        "stand-in",
                                        group,
                                        Map.of(topic, Duration.ZERO),
                                        10,
                                        Duration.ofMillis(10),
                                        Duration.ofSeconds(1)),
                                _ -> Settlement.nothing())) {
            consumer.start();
            await().atMost(SOON).until(() -> consumer.statistics().settled() == count);
        }
    }
}
