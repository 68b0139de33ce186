package posthaste.ingest;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.messaging.MessageChannel;
import posthaste.body.MemoryBudget;
import posthaste.body.StoredBody;
import posthaste.body.memory.MemoryBodyStore;
import posthaste.ingest.accept.AcceptanceMetrics;
import posthaste.ingest.accept.Acceptor;
import posthaste.ingest.accept.Acknowledge;
import posthaste.ingest.accept.PublishEnvelope;
import posthaste.ingest.accept.ReceiveMessage;
import posthaste.ingest.accept.ReceivedField;
import posthaste.ingest.accept.StoreBody;
import posthaste.ingest.content.InspectContent;
import posthaste.ingest.policy.AllPolicies;
import posthaste.ingest.policy.HeaderLimits;
import posthaste.ingest.policy.Network;
import posthaste.ingest.policy.RelayPolicy;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.ingest.smtp.SessionGate;
import posthaste.ingest.smtp.SessionMetrics;
import posthaste.ingest.smtp.SmtpListener;
import posthaste.ingest.smtp.Surroundings;
import posthaste.ingest.tls.ServerTls;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.RecordCodec;
import posthaste.mail.record.Split;
import posthaste.mail.record.Topics;
import posthaste.queue.Publisher;
import posthaste.queue.TopicPlan;
import posthaste.queue.memory.MemoryMailQueue;

/**
 * The real listener, policy, steps and flow over a queue and a body store in memory, which tell
 * what was accepted. Clients from 127.0.0.1 are trusted, those from 127.0.0.2 are not.
 */
public final class ListenerUnderTest implements AutoCloseable {
    public static final Stream STREAM = new Stream("transactional");
    public static final Instant NOW = Instant.parse("2026-11-22T08:30:00Z");

    /** Small enough to be exceeded by a test, large enough for ordinary mails. */
    public static final ListenerSettings.Limits LIMITS =
            new ListenerSettings.Limits(
                    1_500_000,
                    3_000_000,
                    1000,
                    0,
                    50,
                    40,
                    20,
                    30,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(60),
                    0,
                    Duration.ofSeconds(20));

    /**
     * A mail as the queue and the store have it.
     *
     * @param stored the stored body, one character an octet
     */
    public record Accepted(Envelope envelope, MailRecord record, String stored) {

        /** The message below our Received field, one character an octet. */
        public String message() {
            return stored.substring(receivedField().length());
        }

        public String receivedField() {
            String end = "+0000\r\n";
            return stored.substring(0, stored.indexOf(end) + end.length());
        }

        public List<String> recipients() {
            return envelope.recipients().stream().map(r -> r.address().toString()).toList();
        }
    }

    public final MemoryBudget budget;
    public final MemoryMailQueue queue = new MemoryMailQueue(InstantSource.fixed(NOW));
    public final MemoryBodyStore bodies;
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public volatile boolean room = true;
    private final AnnotationConfigApplicationContext context;
    private final SmtpListener listener;

    private ListenerUnderTest(
            ListenerSettings settings,
            MemoryBudget budget,
            Publisher publisher,
            List<SubmissionPolicy> policies,
            InspectContent content) {
        this(
                settings,
                Optional.empty(),
                budget,
                publisher,
                policies,
                content,
                new RelayPolicy(settings.trusted()),
                door -> door);
    }

    private ListenerUnderTest(
            ListenerSettings settings,
            Optional<ServerTls> tls,
            MemoryBudget budget,
            Publisher publisher,
            List<SubmissionPolicy> policies,
            InspectContent content,
            SubmissionPolicy policy,
            UnaryOperator<Acceptor> entrance) {
        this.budget = budget;
        this.bodies = new MemoryBodyStore(budget);
        queue.prepare(List.of(new TopicPlan(Topics.outbound(STREAM), 4, Optional.empty(), false)));
        AcceptanceMetrics metrics = new AcceptanceMetrics(meters);
        context = new AnnotationConfigApplicationContext();
        context.register(Integration.class, IngestFlow.class);
        context.registerBean(
                ReceiveMessage.class,
                () ->
                        new ReceiveMessage(
                                content.receivingInto(bodies),
                                budget,
                                new ReceivedField("mx.posthaste.test"),
                                new HeaderLimits(200_000, 1000, 50),
                                new AllPolicies(policies),
                                Duration.ofMillis(200),
                                Duration.ofSeconds(5)));
        context.registerBean(InspectContent.class, () -> content);
        context.registerBean(StoreBody.class, () -> new StoreBody(() -> room));
        context.registerBean(
                PublishEnvelope.class,
                () -> new PublishEnvelope(publisher == null ? queue.publisher() : publisher));
        context.registerBean(Acknowledge.class, () -> new Acknowledge(metrics));
        context.refresh();
        listener =
                new SmtpListener(
                        settings,
                        tls,
                        policy,
                        new Surroundings(
                                new SessionGate(settings.limits().sessions()),
                                () -> room,
                                entrance.apply(
                                        new FrontDoor(
                                                context.getBean(
                                                        "ingestEntrance", MessageChannel.class),
                                                metrics)),
                                InstantSource.fixed(NOW),
                                new SessionMetrics(meters)));
        try {
            listener.start();
        } catch (BindException e) {
            throw new IllegalStateException(e);
        }
    }

    public static ListenerUnderTest start() {
        return start(LIMITS);
    }

    public static ListenerUnderTest start(ListenerSettings.Limits limits) {
        return start(settings(limits));
    }

    public static ListenerUnderTest start(ListenerSettings settings) {
        return start(settings, InspectContent.nothing());
    }

    public static ListenerUnderTest start(ListenerSettings settings, ServerTls tls) {
        return new ListenerUnderTest(
                settings,
                Optional.of(tls),
                new MemoryBudget(64 << 20),
                null,
                List.of(),
                InspectContent.nothing(),
                new RelayPolicy(settings.trusted()),
                door -> door);
    }

    public static ListenerUnderTest start(InspectContent content) {
        return start(settings(LIMITS), content);
    }

    public static ListenerUnderTest start(ListenerSettings settings, InspectContent content) {
        return new ListenerUnderTest(
                settings, new MemoryBudget(64 << 20), null, List.of(), content);
    }

    public static ListenerUnderTest start(Publisher publisher) {
        return new ListenerUnderTest(
                settings(LIMITS),
                new MemoryBudget(64 << 20),
                publisher,
                List.of(),
                InspectContent.nothing());
    }

    /** With policies that are asked about the header. */
    public static ListenerUnderTest start(SubmissionPolicy... policies) {
        return new ListenerUnderTest(
                settings(LIMITS),
                new MemoryBudget(64 << 20),
                null,
                List.of(policies),
                InspectContent.nothing());
    }

    /** With other policies than that of the trusted network, and a door before the front door. */
    public static ListenerUnderTest start(
            ListenerSettings settings,
            MemoryBudget budget,
            SubmissionPolicy policy,
            UnaryOperator<Acceptor> entrance) {
        return new ListenerUnderTest(
                settings,
                Optional.empty(),
                budget,
                null,
                List.of(),
                InspectContent.nothing(),
                policy,
                entrance);
    }

    /** A plain listener on a free port of 127.0.0.1, which trusts that address. */
    public static ListenerSettings settings(ListenerSettings.Limits limits) {
        return new ListenerSettings(
                "smtp",
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                "mx.posthaste.test",
                STREAM,
                List.of(Network.parse("127.0.0.1")),
                limits);
    }

    public int port() {
        return listener.port();
    }

    public SmtpListener listener() {
        return listener;
    }

    /** What was accepted so far, in the order of the topic. */
    public List<Accepted> accepted() {
        return queue.values(Topics.outbound(STREAM)).stream().map(this::read).toList();
    }

    private Accepted read(byte[] value) {
        try {
            MailRecord record = RecordCodec.decode(value);
            return switch (record) {
                case Job job -> new Accepted(job.envelope().envelope(), job, body(job.body()));
                case Split split ->
                        new Accepted(split.envelope().envelope(), split, body(split.body()));
                default -> throw new AssertionError("no acceptance: " + record);
            };
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String body(BodyRef ref) throws Exception {
        try (StoredBody body = bodies.open(ref)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            body.writeTo(out);
            return out.toString(StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() {
        listener.stop(Duration.ofMillis(100), Duration.ofSeconds(5));
        context.close();
    }

    @EnableIntegration
    static class Integration {}
}
