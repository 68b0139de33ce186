package posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.messaging.MessageChannel;
import org.springframework.util.unit.DataSize;
import posthaste.body.MemoryBudget;
import posthaste.body.StoredBody;
import posthaste.body.memory.MemoryBodyStore;
import posthaste.ingest.accept.AcceptanceMetrics;
import posthaste.ingest.accept.Acknowledge;
import posthaste.ingest.accept.PublishEnvelope;
import posthaste.ingest.accept.ReceiveMessage;
import posthaste.ingest.accept.ReceivedField;
import posthaste.ingest.accept.Signers;
import posthaste.ingest.accept.StoreBody;
import posthaste.ingest.accept.StreamOfMail;
import posthaste.ingest.accept.Tidying;
import posthaste.ingest.dkim.DkimSigner;
import posthaste.ingest.dkim.KeyRing;
import posthaste.ingest.policy.AllPolicies;
import posthaste.ingest.policy.HeaderLimits;
import posthaste.ingest.policy.RelayPolicy;
import posthaste.ingest.policy.StreamChoice;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.returned.ReportAddresses;
import posthaste.ingest.returned.ReportPolicy;
import posthaste.ingest.returned.ReportsApart;
import posthaste.ingest.returned.TakeReport;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Job;
import posthaste.mail.record.RecordCodec;
import posthaste.mail.record.Topics;
import posthaste.mail.verp.VerpCodec;
import posthaste.mail.verp.VerpKey;
import posthaste.queue.TopicPlan;
import posthaste.queue.memory.MemoryMailQueue;
import posthaste.service.verp.InboundProperties;
import posthaste.service.verp.ReturnAddresses;
import posthaste.testing.SmtpDialogue;

/** Reports come from strangers, from 127.0.0.2, who may not relay. */
class ReportsIT {
    private static final InstantSource CLOCK = InstantSource.fixed(ListenerUnderTest.NOW);
    private static final MailId MAIL = MailId.derived(ListenerUnderTest.NOW.minusSeconds(60), "m");
    private static final EmailAddress ANN = EmailAddress.of("ann@remote.example");
    private static final byte[] BOUNCE =
            "From: MAILER-DAEMON@remote.example\r\n\r\nNo such user.\r\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final String LOOP = "FBL@example.org";

    private final VerpCodec codec =
            new VerpCodec(
                    "bounces.example.org", List.of(new VerpKey("a secret of sixteen octets")));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MemoryMailQueue queue = new MemoryMailQueue(CLOCK);
    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private final MemoryBodyStore bodies = new MemoryBodyStore(memory);
    private AnnotationConfigApplicationContext context;
    private ListenerUnderTest listener;
    private ReportPolicy policy;

    @BeforeEach
    void start() {
        queue.prepare(List.of(new TopicPlan(Topics.INBOUND, 2, Optional.empty(), false)));
        ReportAddresses addresses =
                new ReportAddresses(
                        new ReturnAddresses(
                                Optional.of(codec),
                                List.of(ListenerUnderTest.STREAM),
                                Duration.ofDays(30)),
                        new InboundProperties(
                                List.of("fbl@example.org"),
                                List.of("reports@bounces.example.org"),
                                DataSize.ofKilobytes(16),
                                "sender",
                                "",
                                10),
                        CLOCK,
                        meters);
        AcceptanceMetrics acceptance = new AcceptanceMetrics(meters);
        context = new AnnotationConfigApplicationContext();
        context.register(ListenerUnderTest.Integration.class, ReportFlow.class);
        context.registerBean(TakeReport.class, () -> new TakeReport(receiving(), 16 << 10));
        context.registerBean(StoreBody.class, () -> new StoreBody(() -> true));
        context.registerBean(PublishEnvelope.class, () -> new PublishEnvelope(queue.publisher()));
        context.registerBean(Acknowledge.class, () -> new Acknowledge(acceptance));
        context.refresh();
        FrontDoor reports =
                new FrontDoor(context.getBean("reportEntrance", MessageChannel.class), acceptance);
        ListenerSettings settings = ListenerUnderTest.settings(ListenerUnderTest.LIMITS);
        policy = new ReportPolicy(new RelayPolicy(settings.trusted()), addresses);
        listener =
                ListenerUnderTest.start(
                        settings,
                        memory,
                        policy,
                        door -> new ReportsApart(door, reports, addresses));
    }

    private ReceiveMessage receiving() {
        return new ReceiveMessage(
                bodies,
                memory,
                new ReceivedField("mx.posthaste.test"),
                new HeaderLimits(200_000, 1000, 50),
                new AllPolicies(List.of()),
                new Tidying(Tidying.Rules.NONE, "mx.posthaste.test", Map.of()),
                new Signers(
                        new DkimSigner(KeyRing::empty, ListenerUnderTest.SIGNING, meters),
                        List.of()),
                new StreamOfMail(new StreamChoice(List.of(), _ -> false), ""),
                Duration.ofMillis(200),
                Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() {
        listener.close();
        context.close();
        queue.close();
    }

    @Test
    void aReportToAReturnAddressIsTakenFromAnybody() throws Exception {
        String address = codec.address(MAIL, ANN).toString().toUpperCase(Locale.ROOT);
        try (SmtpDialogue client = stranger()) {
            client.mail("", List.of(address), BOUNCE);
        }

        Job report = onlyReport();
        assertThat(report.envelope().envelope().stream()).isEqualTo(Stream.INBOUND);
        assertThat(report.envelope().envelope().recipients().getFirst().address())
                .hasToString(address);
        assertThat(report.derived()).isFalse();
        assertThat(read(report)).startsWith("Received: ").endsWith("\r\n\r\nNo such user.\r\n");
        assertThat(listener.accepted()).isEmpty();
        assertThat(said("taken")).isOne();
    }

    @Test
    void anAddressThatWeNeverMadeIsNoAddress() throws Exception {
        String address = codec.address(MAIL, ANN).toString();
        char last = address.charAt(address.indexOf('@') - 1);
        String forged = address.replace(last + "@", (last == '0' ? '1' : '0') + "@");
        try (SmtpDialogue client = stranger()) {
            client.send("MAIL FROM:<>").expect(250);
            client.send("RCPT TO:<" + forged + ">").expect(550, "5.1.1");
            client.send("RCPT TO:<postmaster@bounces.example.org>").expect(550, "5.1.1");
            client.send("DATA").expect(554, "5.5.1");
        }
        assertThat(said("forged")).isEqualTo(2);
        assertThat(queue.values(Topics.INBOUND)).isEmpty();
    }

    @Test
    void aReportAboutMailOfLongAgoIsRefused() throws Exception {
        MailId old = MailId.derived(ListenerUnderTest.NOW.minus(Duration.ofDays(31)), "m");
        MailId toCome = MailId.derived(ListenerUnderTest.NOW.plus(Duration.ofDays(1)), "m");
        try (SmtpDialogue client = stranger()) {
            client.send("MAIL FROM:<>").expect(250);
            client.send("RCPT TO:<" + codec.address(old, ANN) + ">").expect(550, "5.7.1");
            client.send("RCPT TO:<" + codec.address(toCome, ANN) + ">").expect(550, "5.7.1");
        }
        assertThat(said("late")).isEqualTo(2);
    }

    @Test
    void complaintsAndUnsignedReportsHaveTheirAddresses() throws Exception {
        try (SmtpDialogue client = stranger()) {
            client.mail("loop@provider.example", List.of(LOOP), BOUNCE);
            client.mail("", List.of("reports@bounces.example.org"), BOUNCE);
        }
        assertThat(queue.values(Topics.INBOUND)).hasSize(2);
    }

    /** One record accepts one mail: whoever mixes is told to send the rest by itself. */
    @Test
    void aReportIsNoPartOfAnotherMail() throws Exception {
        String address = codec.address(MAIL, ANN).toString();
        try (SmtpDialogue client = SmtpDialogue.greet(listener.port())) {
            client.send("MAIL FROM:<app@example.org>").expect(250);
            client.send("RCPT TO:<bob@remote.example>").expect(250);
            client.send("RCPT TO:<" + address + ">").expect(452, "4.5.3");
            client.send("DATA").expect(354);
            client.sendMessage(BOUNCE).expect(250);
            client.send("MAIL FROM:<app@example.org>").expect(250);
            client.send("RCPT TO:<" + address + ">").expect(250);
            client.send("RCPT TO:<bob@remote.example>").expect(452, "4.5.3");
            client.send("RCPT TO:<" + LOOP + ">").expect(250);
            client.send("DATA").expect(354);
            client.sendMessage(BOUNCE).expect(250);
        }
        assertThat(listener.accepted()).hasSize(1);
        assertThat(listener.accepted().getFirst().recipients())
                .containsExactly("bob@remote.example");
        assertThat(onlyReport().envelope().envelope().recipients()).hasSize(2);
    }

    @Test
    void strangersStillMayNotRelay() throws Exception {
        try (SmtpDialogue client = stranger()) {
            client.send("MAIL FROM:<>").expect(250);
            client.send("RCPT TO:<" + codec.address(MAIL, ANN) + ">").expect(250);
            client.send("RCPT TO:<bob@remote.example>").expect(550, "5.7.1");
        }
    }

    /** Of a thousand recipients each would be compared with all before it. */
    @Test
    void howManyRecipientsThereAreCostsTheNextNothing() throws Exception {
        Recipient first = new Recipient(codec.address(MAIL, ANN));
        List<Recipient> onlyTheFirstIsLookedAt =
                new AbstractList<>() {
                    @Override
                    public Recipient get(int index) {
                        assertThat(index).isZero();
                        return first;
                    }

                    @Override
                    public int size() {
                        return 1000;
                    }
                };
        Submission mail =
                new Submission(
                        Submitter.connected("smtp", InetAddress.ofLiteral("127.0.0.2")),
                        ReversePath.NULL,
                        0,
                        onlyTheFirstIsLookedAt);
        assertThat(policy.recipient(mail, codec.address(MAIL, ANN))).isEmpty();
        assertThat(policy.recipient(mail, EmailAddress.of(LOOP))).isEmpty();
    }

    @Test
    void aReportThatIsTooLargeIsRefusedAndTheSessionGoesOn() throws Exception {
        byte[] large = new byte[20 << 10];
        Arrays.fill(large, (byte) '\n');
        for (int i = 0; i < large.length - 1; i += 2) {
            large[i] = '\r';
        }
        try (SmtpDialogue client = stranger()) {
            client.send("MAIL FROM:<>").expect(250);
            client.send("RCPT TO:<" + codec.address(MAIL, ANN) + ">").expect(250);
            client.send("DATA").expect(354);
            client.sendMessage(large).expect(552, "5.3.4");
            client.mail("", List.of(codec.address(MAIL, ANN).toString()), BOUNCE);
        }
        assertThat(queue.values(Topics.INBOUND)).hasSize(1);
    }

    @Test
    void whenTheBrokerIsAwayNoReportIsAccepted() throws Exception {
        queue.setAvailable(false);
        try (SmtpDialogue client = stranger()) {
            client.send("MAIL FROM:<>").expect(250);
            client.send("RCPT TO:<" + codec.address(MAIL, ANN) + ">").expect(250);
            client.send("DATA").expect(354);
            client.sendMessage(BOUNCE).expect(451, "4.3");
        }
        assertThat(queue.values(Topics.INBOUND)).isEmpty();
    }

    private SmtpDialogue stranger() {
        SmtpDialogue client =
                SmtpDialogue.connect(
                        InetAddress.ofLiteral("127.0.0.2"),
                        InetAddress.ofLiteral("127.0.0.1"),
                        listener.port());
        client.expect(220);
        client.send("EHLO mta.remote.example").expect(250);
        return client;
    }

    private Job onlyReport() throws Exception {
        assertThat(queue.values(Topics.INBOUND)).hasSize(1);
        return (Job) RecordCodec.decode(queue.values(Topics.INBOUND).getFirst());
    }

    private String read(Job job) throws Exception {
        try (StoredBody body = bodies.open(job.body())) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            body.writeTo(out);
            return out.toString(StandardCharsets.US_ASCII);
        }
    }

    private double said(String verdict) {
        return meters.counter("posthaste.ingest.report.recipients", "verdict", verdict).count();
    }
}
