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
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
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
import posthaste.ingest.accept.IncomingMail;
import posthaste.ingest.accept.Protocol;
import posthaste.ingest.accept.PublishEnvelope;
import posthaste.ingest.accept.ReceiveMessage;
import posthaste.ingest.accept.ReceivedField;
import posthaste.ingest.accept.SignMessage;
import posthaste.ingest.accept.Signers;
import posthaste.ingest.accept.StoreBody;
import posthaste.ingest.accept.StreamOfMail;
import posthaste.ingest.accept.Tidying;
import posthaste.ingest.auth.Authentication;
import posthaste.ingest.auth.SenderRights;
import posthaste.ingest.content.InspectContent;
import posthaste.ingest.dkim.Canonicalization;
import posthaste.ingest.dkim.DkimSigner;
import posthaste.ingest.dkim.KeyRing;
import posthaste.ingest.dkim.SignedFields;
import posthaste.ingest.dkim.SigningSettings;
import posthaste.ingest.policy.AllPolicies;
import posthaste.ingest.policy.HeaderLimits;
import posthaste.ingest.policy.Network;
import posthaste.ingest.policy.RelayPolicy;
import posthaste.ingest.policy.StreamChoice;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.smtp.HandlingOffer;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.ingest.smtp.SessionGate;
import posthaste.ingest.smtp.SessionMetrics;
import posthaste.ingest.smtp.SmtpListener;
import posthaste.ingest.smtp.Surroundings;
import posthaste.ingest.submitter.Submitter;
import posthaste.ingest.tls.ServerTls;
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
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.RecordCodec;
import posthaste.mail.record.Split;
import posthaste.mail.record.Topics;
import posthaste.mail.status.Reply;
import posthaste.queue.Publisher;
import posthaste.queue.TopicPlan;
import posthaste.queue.memory.MemoryMailQueue;

/**
 * The real listener, policy, steps and flow over a queue and a body store in memory, which tell
 * what was accepted. Clients from 127.0.0.1 are trusted, those from 127.0.0.2 are not.
 */
public final class ListenerUnderTest implements AutoCloseable {
    public static final Stream STREAM = new Stream("transactional");
    public static final SigningSettings SIGNING =
            new SigningSettings(
                    Canonicalization.RELAXED,
                    Canonicalization.RELAXED,
                    new SignedFields(
                            List.of("Sender", "List-Id"),
                            List.of("From", "Subject", "To", "Cc", "Date", "Message-ID")),
                    false,
                    Duration.ZERO);
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
    private final FrontDoor door;

    private ListenerUnderTest(
            ListenerSettings settings,
            MemoryBudget budget,
            Publisher publisher,
            List<SubmissionPolicy> policies,
            InspectContent content,
            Tidying.Rules tidying,
            Supplier<KeyRing> keys) {
        this(
                settings,
                Optional.empty(),
                budget,
                publisher,
                policies,
                content,
                new RelayPolicy(settings.trusted()),
                door -> door,
                tidying,
                keys);
    }

    private ListenerUnderTest(
            ListenerSettings settings,
            Optional<ServerTls> tls,
            MemoryBudget budget,
            Publisher publisher,
            List<SubmissionPolicy> policies,
            InspectContent content,
            SubmissionPolicy policy,
            UnaryOperator<Acceptor> entrance,
            Tidying.Rules tidying,
            Supplier<KeyRing> keys) {
        this(
                settings,
                tls,
                Optional.empty(),
                budget,
                publisher,
                policies,
                content,
                policy,
                entrance,
                tidying,
                keys);
    }

    private ListenerUnderTest(
            ListenerSettings settings,
            Optional<ServerTls> tls,
            Optional<Authentication> authentication,
            MemoryBudget budget,
            Publisher publisher,
            List<SubmissionPolicy> policies,
            InspectContent content,
            SubmissionPolicy policy,
            UnaryOperator<Acceptor> entrance,
            Tidying.Rules tidying,
            Supplier<KeyRing> keys) {
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
                                new Tidying(tidying, "mx.posthaste.test", Map.of()),
                                new Signers(
                                        new DkimSigner(keys, SIGNING, meters), settings.trusted()),
                                new StreamOfMail(
                                        new StreamChoice(List.of(STREAM), _ -> true),
                                        "X-Posthaste-Stream"),
                                Duration.ofMillis(200),
                                Duration.ofSeconds(5)));
        context.registerBean(InspectContent.class, () -> content);
        context.registerBean(SignMessage.class, SignMessage::new);
        context.registerBean(StoreBody.class, () -> new StoreBody(() -> room));
        context.registerBean(
                PublishEnvelope.class,
                () -> new PublishEnvelope(publisher == null ? queue.publisher() : publisher));
        context.registerBean(Acknowledge.class, () -> new Acknowledge(metrics));
        context.refresh();
        door = new FrontDoor(context.getBean("ingestEntrance", MessageChannel.class), metrics);
        listener =
                new SmtpListener(
                        settings,
                        tls,
                        policy,
                        new Surroundings(
                                new SessionGate(settings.limits().sessions()),
                                () -> room,
                                entrance.apply(door),
                                authentication,
                                InstantSource.fixed(NOW),
                                new SessionMetrics(meters),
                                HandlingOffer.USUAL));
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
                door -> door,
                Tidying.Rules.NONE,
                KeyRing::empty);
    }

    public static ListenerUnderTest start(InspectContent content) {
        return start(settings(LIMITS), content);
    }

    public static ListenerUnderTest start(ListenerSettings settings, InspectContent content) {
        return new ListenerUnderTest(
                settings,
                new MemoryBudget(64 << 20),
                null,
                List.of(),
                content,
                Tidying.Rules.NONE,
                KeyRing::empty);
    }

    /** With logins; who has logged in may send from his own addresses alone. */
    public static ListenerUnderTest start(
            ListenerSettings settings, Optional<ServerTls> tls, Authentication authentication) {
        return new ListenerUnderTest(
                settings,
                tls,
                Optional.of(authentication),
                new MemoryBudget(64 << 20),
                null,
                List.of(new SenderRights()),
                InspectContent.nothing(),
                new AllPolicies(List.of(new SenderRights(), new RelayPolicy(settings.trusted()))),
                UnaryOperator.identity(),
                Tidying.Rules.NONE,
                KeyRing::empty);
    }

    public static ListenerUnderTest start(Publisher publisher) {
        return new ListenerUnderTest(
                settings(LIMITS),
                new MemoryBudget(64 << 20),
                publisher,
                List.of(),
                InspectContent.nothing(),
                Tidying.Rules.NONE,
                KeyRing::empty);
    }

    /** A listener of profile submission, which tidies and signs. */
    public static ListenerUnderTest submission(Tidying.Rules tidying, Supplier<KeyRing> keys) {
        return new ListenerUnderTest(
                settings(LIMITS).withProfile(ListenerSettings.Profile.SUBMISSION),
                new MemoryBudget(64 << 20),
                null,
                List.of(),
                InspectContent.nothing(),
                tidying,
                keys);
    }

    /** With policies that are asked about the header. */
    public static ListenerUnderTest start(SubmissionPolicy... policies) {
        return new ListenerUnderTest(
                settings(LIMITS),
                new MemoryBudget(64 << 20),
                null,
                List.of(policies),
                InspectContent.nothing(),
                Tidying.Rules.NONE,
                KeyRing::empty);
    }

    /** The same with TLS. */
    public static ListenerUnderTest start(
            ListenerSettings settings,
            ServerTls tls,
            SubmissionPolicy policy,
            UnaryOperator<Acceptor> entrance) {
        return new ListenerUnderTest(
                settings,
                Optional.of(tls),
                new MemoryBudget(256 << 20),
                null,
                List.of(),
                InspectContent.nothing(),
                policy,
                entrance,
                Tidying.Rules.NONE,
                KeyRing::empty);
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
                entrance,
                Tidying.Rules.NONE,
                KeyRing::empty);
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

    /** Submits without SMTP, as a user of this listener: also what SMTP would not let in. */
    public Reply accept(byte[] message) {
        try {
            return door.accept(
                    new IncomingMail(
                            new Envelope(
                                    MailId.next(InstantSource.fixed(NOW)),
                                    STREAM,
                                    ReversePath.parse("ann@example.org"),
                                    List.of(new Recipient(EmailAddress.of("x@y.example"))),
                                    Ret.NOT_GIVEN,
                                    Optional.empty(),
                                    BodyType.EIGHT_BIT_MIME,
                                    false,
                                    Client.LOCAL,
                                    Optional.empty()),
                            Submitter.connected("smtp", InetAddress.ofLiteral("127.0.0.1")),
                            Protocol.ESMTP,
                            true,
                            sink -> sink.write(message, 0, message.length)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The mail of a {@code 250}. */
    public Accepted of(Reply reply) {
        return accepted().stream()
                .filter(mail -> reply.toString().endsWith(mail.envelope().id().value()))
                .findFirst()
                .orElseThrow();
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
