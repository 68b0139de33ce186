package posthaste.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static posthaste.bounce.dsn.Notices.envelope;
import static posthaste.bounce.dsn.Notices.failed;
import static posthaste.bounce.dsn.Notices.notice;
import static posthaste.bounce.dsn.Notices.recipient;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import posthaste.body.BodyStore;
import posthaste.body.BodyWriter;
import posthaste.body.Generation;
import posthaste.body.StoredBody;
import posthaste.bounce.deliverylog.LogPostgres;
import posthaste.bounce.dsn.Notices;
import posthaste.bounce.dsn.ParsedMail;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Notice;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.MailQueue;
import posthaste.queue.QueueConsumer;
import posthaste.queue.Settlement;

/** The whole service as a process runs it: real broker, real disk, real database, real ports. */
class BounceIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final String PASSWORD = "correct horse battery";

    @TempDir static Path folder;

    private static final List<MailRecord> seen = new CopyOnWriteArrayList<>();
    private static LogPostgres database;
    private static EmbeddedBroker broker;
    private static ConfigurableApplicationContext service;
    private static QueueConsumer reader;

    @BeforeAll
    static void start() throws Exception {
        database = LogPostgres.start();
        broker = EmbeddedBroker.start(folder.resolve("kafka"), BrokerSettings.forTests());
        service = startService();
        reader = startReader();
    }

    @AfterAll
    static void stop() throws Exception {
        reader.close();
        service.close();
        broker.close();
        database.close();
    }

    private static ConfigurableApplicationContext startService() {
        return new SpringApplicationBuilder(BounceApplication.class)
                .run(
                        "--server.port=0",
                        "--management.server.port=0",
                        "--spring.datasource.url=" + database.url(),
                        "--spring.datasource.username=postgres",
                        "--posthaste.web.admin-password=" + PASSWORD,
                        "--posthaste.log.linger=10ms",
                        "--posthaste.data-dir=" + folder.resolve("data"),
                        "--posthaste.kafka.bootstrap-servers=" + broker.bootstrapServers(),
                        "--posthaste.queue.partitions=2",
                        "--posthaste.queue.replication=1",
                        "--posthaste.queue.min-insync-replicas=1",
                        "--posthaste.queue.flush-every-record=true",
                        "--posthaste.queue.drain=2s",
                        "--posthaste.body.free-space-floor=0B",
                        "--posthaste.bounce.reporting-mta=mx.posthaste.example");
    }

    private static QueueConsumer startReader() {
        QueueConsumer consumer =
                service.getBean(MailQueue.class)
                        .consumer(
                                new ConsumerPlan(
                                        "reader",
                                        "test-reader",
                                        Map.of(
                                                "mail.outbound.dsn",
                                                Duration.ZERO,
                                                Topics.EVENTS,
                                                Duration.ZERO),
                                        100,
                                        Duration.ofMillis(10),
                                        Duration.ofSeconds(1)),
                                record -> {
                                    seen.add(record.content());
                                    return Settlement.nothing();
                                });
        consumer.start();
        return consumer;
    }

    @Test
    void aNoticeLeadsToAMailThatCanBeReadAndToTheEndOfTheStory() throws Exception {
        Envelope envelope = mail("read", recipient("bob@remote.example"));
        publish(failure(envelope));

        Job dsn =
                await().atMost(LONG)
                        .until(() -> dsnAbout(envelope), jobs -> !jobs.isEmpty())
                        .getFirst();
        ParsedMail mail = read(dsn);
        assertThat(mail.field("To")).isEqualTo("<alice@sender.example>");
        assertThat(mail.parts().get(1).text()).contains("rfc822; bob@remote.example");
        assertThat(mail.parts().get(2).text()).contains("Subject: A plain message");
        assertThat(eventsOf(envelope))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.entries())
                                .singleElement()
                                .satisfies(entry -> {
                                    assertThat(entry.kind()).isEqualTo(Event.Kind.BOUNCED);
                                    assertThat(entry.dsnId()).contains(dsn.mailId());
                                }));
    }

    @Test
    void theSameNoticeTwiceLeadsToTheSameIds() throws Exception {
        Envelope envelope = mail("twice", recipient("bob@remote.example"));
        Notice notice = failure(envelope);
        publish(notice);
        publish(notice);

        List<Job> dsns =
                await().atMost(LONG).until(() -> dsnAbout(envelope), jobs -> jobs.size() == 2);
        assertThat(dsns).extracting(Job::id).containsOnly(dsns.getFirst().id());
        assertThat(read(dsns.get(1)).field("Message-ID"))
                .isEqualTo(read(dsns.get(0)).field("Message-ID"));
        List<Event> events = eventsOf(envelope);
        assertThat(events.stream().flatMap(e -> e.entries().stream().map(e::entryId)).distinct())
                .hasSize(1);
    }

    @Test
    void aNullReversePathEndsWithoutAMail() throws Exception {
        Envelope envelope =
                Notices.sentBy(mail("null", recipient("bob@remote.example")), ReversePath.NULL);
        publish(failure(envelope));
        List<Event> events =
                await().atMost(LONG).until(() -> eventsOf(envelope), e -> !e.isEmpty());
        assertThat(events.getFirst().entries().getFirst().reason())
                .isEqualTo("no DSN: null reverse-path");
        assertThat(dsnAbout(envelope)).isEmpty();
    }

    @Test
    void whatComesInWhileTheServiceIsDownIsHandledOnceItIsUp() throws Exception {
        Envelope before = mail("before", recipient("bob@remote.example"));
        publish(failure(before));
        await().atMost(LONG).until(() -> !eventsOf(before).isEmpty());
        Envelope meanwhile = mail("meanwhile", recipient("bob@remote.example"));
        Notice notice = failure(meanwhile);

        reader.close();
        service.getBean("bounceConsumer", SmartLifecycle.class).stop();
        publish(notice);
        service.close();
        service = startService();
        reader = startReader();

        await().atMost(LONG).until(() -> !eventsOf(meanwhile).isEmpty());
        assertThat(eventsOf(before)).as("settled is settled").hasSize(1);
    }

    @Test
    void theEndOfTheStoryIsFoundByTheId() throws Exception {
        Envelope envelope = mail("found", recipient("bob@remote.example"));
        publish(failure(envelope));
        Job dsn =
                await().atMost(LONG)
                        .until(() -> dsnAbout(envelope), jobs -> !jobs.isEmpty())
                        .getFirst();
        await().atMost(LONG)
                .untilAsserted(() -> {
                    HttpResponse<String> story =
                            get("local.server.port", "/api/v1/messages/" + dsn.mailId());
                    assertThat(story.statusCode()).as("an accepted mail itself").isEqualTo(200);
                    assertThat(story.body()).contains("alice@sender.example");
                });
    }

    @Test
    void healthAndMetricsHaveAPortOfTheirOwn() throws Exception {
        Envelope envelope = mail("metrics", recipient("bob@remote.example"));
        publish(failure(envelope));
        await().atMost(LONG).until(() -> !eventsOf(envelope).isEmpty());
        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(get("local.management.port", "/actuator/health").statusCode())
                                .isEqualTo(200));
        assertThat(get("local.management.port", "/actuator/prometheus").body())
                .contains("posthaste_dsn_told_total", "\"bounce\"");
    }

    private static HttpResponse<String> get(String port, String path) throws Exception {
        URI uri =
                URI.create("http://127.0.0.1:" + service.getEnvironment().getProperty(port) + path);
        String login = "admin:" + PASSWORD;
        String credentials =
                Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.US_ASCII));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (port.equals("local.server.port")) {
            request.header("Authorization", "Basic " + credentials);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static Envelope mail(String name, Recipient... recipients) {
        Envelope e = envelope(recipients);
        return new Envelope(
                MailId.derived(Notices.ACCEPTED, name),
                e.stream(),
                e.reversePath(),
                e.recipients(),
                e.ret(),
                e.envid(),
                e.bodyType(),
                e.smtpUtf8(),
                e.client(),
                e.messageId());
    }

    private static Notice failure(Envelope envelope) throws Exception {
        BodyStore store = service.getBean(BodyStore.class);
        try (BodyWriter writer = store.begin(Generation.PRIMARY, LONG)) {
            writer.write(Notices.MESSAGE, 0, Notices.MESSAGE.length);
            BodyRef body = writer.commit(envelope.id().value(), new byte[] {1}, LONG);
            return notice(envelope, body, List.of(failed(0)));
        }
    }

    private static void publish(Notice notice) throws Exception {
        service.getBean(MailQueue.class)
                .publisher()
                .publish(
                        List.of(new OutgoingRecord(Topics.BOUNCE, "remote.example", notice)), LONG);
    }

    private static List<Job> dsnAbout(Envelope envelope) {
        List<MailId> ids =
                eventsOf(envelope).stream()
                        .flatMap(event -> event.entries().stream())
                        .flatMap(entry -> entry.dsnId().stream())
                        .toList();
        return all(Job.class, job -> ids.contains(job.mailId()));
    }

    private static List<Event> eventsOf(Envelope envelope) {
        return all(Event.class, event -> event.mailId().equals(envelope.id()));
    }

    private static <R extends MailRecord> List<R> all(Class<R> type, Predicate<R> about) {
        return seen.stream().filter(type::isInstance).map(type::cast).filter(about).toList();
    }

    private static ParsedMail read(Job dsn) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (StoredBody body = service.getBean(BodyStore.class).open(dsn.body())) {
            body.writeTo(out);
        }
        return ParsedMail.of(out.toByteArray());
    }
}
