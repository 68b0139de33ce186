package posthaste.bounce.returned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.messaging.MessageChannel;
import org.springframework.util.unit.DataSize;
import posthaste.body.BodyWriter;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.StoredBody;
import posthaste.body.memory.MemoryBodyStore;
import posthaste.bounce.audit.AuditLab;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.deliverylog.LoggedOriginals;
import posthaste.bounce.deliverylog.Story;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.bounce.suppression.SuppressionFeed;
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
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.RecordCodec;
import posthaste.mail.record.Topics;
import posthaste.mail.verp.VerpCodec;
import posthaste.mail.verp.VerpKey;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueueConsumer;
import posthaste.queue.QueueScanner;
import posthaste.queue.RecordHandler;
import posthaste.service.flow.FlowGateway;
import posthaste.service.lifecycle.FactsLifecycle;
import posthaste.service.suppression.SuppressionClass;
import posthaste.service.suppression.SuppressionKey;
import posthaste.service.suppression.SuppressionList;
import posthaste.service.suppression.SuppressionProperties;
import posthaste.service.suppression.SuppressionTopic;
import posthaste.service.verp.InboundProperties;
import posthaste.service.verp.ReturnAddresses;

/** What came back, from its topic to the log, the list and the sender, over a real database. */
class ReturnedIT extends AuditLab {
    private static final Stream STREAM = new Stream("transactional");
    private static final String DSN_TOPIC = Topics.outbound(Stream.DSN);
    private static final String LOOP = "fbl@example.com";
    private static final String REPORTS = "reports@example.com";

    private final VerpCodec codec =
            new VerpCodec(
                    "bounces.example.com", List.of(new VerpKey("a secret of sixteen octets")));
    private final ReturnAddresses returnAddresses =
            new ReturnAddresses(Optional.of(codec), List.of(STREAM), Duration.ofDays(30));
    private final InboundProperties properties =
            new InboundProperties(
                    List.of(LOOP),
                    List.of(REPORTS),
                    DataSize.ofMegabytes(1),
                    "sender",
                    "lost@example.com",
                    10);
    private final MemoryBodyStore store =
            new MemoryBodyStore(
                    new MemoryBudget(1 << 24), Long.MAX_VALUE, clock, Duration.ofMinutes(10));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SuppressionList list = new SuppressionList(clock);
    private final SuppressionTopic topic = new SuppressionTopic(queue, list);
    private final FactsLifecycle reading = topic.reading();
    private final Story story =
            Story.of(NOON, "app@sender.example", "ann@remote.example", "bob@remote.example");
    private AnnotationConfigApplicationContext context;
    private QueueConsumer loop;
    private final Set<MailId> turnedAway = ConcurrentHashMap.newKeySet();
    private int reports;

    @BeforeEach
    void startLoop() throws Exception {
        ReturnedConfiguration parts = new ReturnedConfiguration();
        RuleBook rules = RuleBook.open(List.of());
        SuppressionFeed feed =
                new SuppressionFeed(
                        new SuppressionProperties(
                                true, List.of("dsn"), List.of(), true, "", Map.of(), Map.of()),
                        list,
                        topic,
                        rules);
        reading.start();
        context = new AnnotationConfigApplicationContext();
        context.register(Integration.class, ReturnedFlow.class);
        context.registerBean(
                ReadReport.class, () -> parts.readReport(store, rules, returnAddresses));
        context.registerBean(
                MatchReport.class,
                () ->
                        new MatchReport(
                                new LoggedOriginals(postgres.database()),
                                new LogReading(
                                        new LogAccounts(postgres.database()),
                                        queue.scanner(),
                                        topics.outbound(),
                                        Duration.ofMillis(300)),
                                returnAddresses,
                                clock));
        context.registerBean(
                ForwardReport.class, () -> parts.forwardReport(store, properties, returnAddresses));
        context.registerBean(
                SuppressReported.class, () -> parts.suppressReported(feed, properties));
        context.registerBean(SettleReport.class, () -> parts.settleReport(meters));
        context.refresh();
        loop =
                queue.consumer(
                        new ConsumerPlan(
                                "inbound",
                                Topics.INBOUND_GROUP,
                                Map.of(Topics.INBOUND, Duration.ZERO),
                                10,
                                Duration.ofMillis(1),
                                Duration.ofSeconds(1)),
                        noting(
                                FlowGateway.settling(
                                        context.getBean("returnedReports", MessageChannel.class))));
        loop.start();
        publish(OUTBOUND, story.acceptance());
        awaitAccepted(2);
    }

    private RecordHandler noting(RecordHandler flow) {
        return record -> {
            try {
                return flow.handle(record);
            } catch (PartUnavailableException e) {
                turnedAway.add(record.content().mailId());
                throw e;
            }
        };
    }

    @EnableIntegration
    static class Integration {}

    @AfterEach
    void stopLoop() {
        loop.close();
        context.close();
        reading.stop();
    }

    @Test
    void aBounceToAReturnAddressIsToldOfItsRecipientWhateverItNames() throws Exception {
        Job report = report(returnAddress("ann@remote.example"), bounce("someone@else.example"));

        Event event = onlyEvent();
        assertThat(event.mailId()).isEqualTo(story.id());
        assertThat(event.at()).isEqualTo(report.mailId().acceptedAt());
        Event.Entry entry = event.entries().getFirst();
        assertThat(entry.recipient()).isEqualTo("ann@remote.example");
        assertThat(entry.kind()).isEqualTo(Event.Kind.RETURNED);
        assertThat(entry.status()).hasToString("5.1.1");
        assertThat(entry.reply().orElseThrow().toString()).startsWith("550 5.1.1");
        assertThat(entry.dsnId()).contains(report.mailId());
        assertThat(suppressed("ann@remote.example")).contains(SuppressionClass.HARD_BOUNCE);
        assertThat(suppressed("bob@remote.example")).isEmpty();
    }

    /** Anybody can send reports of mails that never were. */
    @Test
    void ofManyWhoAskHowFarTheLogHasReadOneLooksForAll() throws Exception {
        int asking = 8;
        List<Thread> threads = new ArrayList<>();
        AtomicInteger looks = new AtomicInteger();
        QueueScanner scanner =
                (QueueScanner)
                        Proxy.newProxyInstance(
                                QueueScanner.class.getClassLoader(),
                                new Class<?>[] {QueueScanner.class},
                                (_, method, arguments) -> {
                                    if (looks.incrementAndGet() == 1) {
                                        await().until(() -> waiting(threads) == asking - 1);
                                    }
                                    return method.invoke(queue.scanner(), arguments);
                                });
        LogReading reading =
                new LogReading(
                        new LogAccounts(postgres.database()),
                        scanner,
                        List.of(OUTBOUND),
                        Duration.ofMinutes(1));
        AtomicInteger answered = new AtomicInteger();
        for (int i = 0; i < asking; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .unstarted(() -> {
                                try {
                                    reading.awaitAllAccepted();
                                    answered.incrementAndGet();
                                } catch (LogUnavailableException
                                        | PartUnavailableException
                                        | InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(answered).hasValue(asking);
        assertThat(looks).hasValue(2);
    }

    private static long waiting(List<Thread> threads) {
        return threads.stream().filter(thread -> thread.getState() == Thread.State.WAITING).count();
    }

    /** Without us it would have gone there. */
    @Test
    void theSenderGetsItAsItCame() throws Exception {
        String text = bounce("ann@remote.example");
        Job report = report(returnAddress("ann@remote.example"), text);

        Job forwarded = onlyForwarded();
        Envelope envelope = forwarded.envelope().envelope();
        assertThat(envelope.reversePath()).isEqualTo(ReversePath.NULL);
        assertThat(envelope.stream()).isEqualTo(Stream.DSN);
        assertThat(envelope.recipients().getFirst().address()).hasToString("app@sender.example");
        assertThat(forwarded.derived()).as("this record accepts the mail").isFalse();
        assertThat(read(forwarded.body())).isEqualTo(text);
        assertThat(forwarded.body()).isNotEqualTo(report.body());
    }

    @Test
    void aReportThatIsReadTwiceIsToldOnceAndPassedOnUnderOneId() throws Exception {
        Job report = report(returnAddress("ann@remote.example"), bounce("ann@remote.example"));
        publish(Topics.INBOUND, report);
        await().until(() -> events().size() == 2);

        assertThat(
                        events().stream()
                                .map(event -> event.entryId(event.entries().getFirst()))
                                .distinct())
                .hasSize(1);
        assertThat(forwarded().stream().map(Job::mailId).distinct()).hasSize(1);
    }

    @Test
    void aDelayAConfirmationAndAnAnswerAreToldAndSuppressNobody() throws Exception {
        String to = returnAddress("ann@remote.example");
        report(to, bounce("ann@remote.example").replace("failed", "delayed"));
        report(to, bounce("ann@remote.example").replace("failed", "delivered"));
        report(
                to,
                """
                From: ann@remote.example
                Auto-Submitted: auto-replied
                Subject: Out of office

                Until Monday.
                """
                        .replace("\n", "\r\n"));
        await().until(() -> events().size() == 3);

        assertThat(events().stream().map(event -> event.entries().getFirst().kind()))
                .containsExactlyInAnyOrder(
                        Event.Kind.DELAY_REPORTED, Event.Kind.CONFIRMED, Event.Kind.REPLIED);
        assertThat(list.size()).isZero();
        assertThat(forwarded()).hasSize(3);
    }

    @Test
    void aComplaintThroughALoopSuppressesWhomTheMailWasFor() throws Exception {
        report(
                LOOP,
                complaint(
                        "bob@remote.example",
                        "Received: from app by mx.example.com (Posthaste) with ESMTP\r\n id "
                                + story.id()
                                + "; now\r\n"));

        assertThat(onlyEvent().entries())
                .extracting(Event.Entry::recipient, Event.Entry::kind)
                .containsExactly(tuple("bob@remote.example", Event.Kind.COMPLAINED));
        assertThat(suppressed("bob@remote.example")).contains(SuppressionClass.COMPLAINT);
        assertThat(forwarded()).as("it came to the operator's own address").isEmpty();
    }

    @Test
    void aComplaintIsAlsoMatchedByItsReturnPathOrItsMessageId() throws Exception {
        report(
                LOOP,
                complaint(
                        "redacted@invalid.example",
                        "Return-Path: <" + returnAddress("bob@remote.example") + ">\r\n"));
        report(LOOP, complaint("ann@remote.example", ""));
        await().until(() -> events().size() == 2);

        assertThat(suppressed("bob@remote.example")).contains(SuppressionClass.COMPLAINT);
        assertThat(suppressed("ann@remote.example")).contains(SuppressionClass.COMPLAINT);
    }

    /** Anybody can write this. */
    @Test
    void anUnsignedBounceIsToldAndSuppressesNobody() throws Exception {
        report(REPORTS, bounce("ann@remote.example"));

        assertThat(onlyEvent().entries().getFirst().reason()).contains("no return address");
        assertThat(list.size()).isZero();
        assertThat(match("claimed")).isOne();
    }

    @Test
    void aReportAboutSomebodyWhoseMailItWasNotGoesToWhoLooksAtSuch() throws Exception {
        report(REPORTS, bounce("carol@remote.example"));
        report(LOOP, complaint("carol@remote.example", ""));
        await().until(() -> forwarded().size() == 2);

        assertThat(
                        forwarded().stream()
                                .map(job ->
                                        job.envelope()
                                                .envelope()
                                                .recipients()
                                                .getFirst()
                                                .address()))
                .allMatch(EmailAddress.of("lost@example.com")::equals);
        assertThat(events()).isEmpty();
        assertThat(list.size()).isZero();
    }

    @Test
    void whatNobodyCanMakeOutIsToldAndSuppressesNobody() throws Exception {
        report(returnAddress("ann@remote.example"), "Subject: hello\r\n\r\nNothing to say.\r\n");

        assertThat(onlyEvent().entries().getFirst().reason()).contains("cannot be made out");
        assertThat(list.size()).isZero();
        assertThat(forwarded()).hasSize(1);
    }

    /** The log may be behind: then the report waits, and is not taken for one about nothing. */
    @Test
    void aBounceThatIsFasterThanTheLogWaitsForIt() throws Exception {
        Story later = Story.of(NOON, "other@sender.example", "dan@remote.example");
        report(
                codec.address(later.id(), EmailAddress.of("dan@remote.example")).toString(),
                bounce(""));
        publish(OUTBOUND, later.acceptance());

        assertThat(onlyEvent().mailId()).isEqualTo(later.id());
        assertThat(suppressed("dan@remote.example")).contains(SuppressionClass.HARD_BOUNCE);
    }

    /** As after a night without the database: the clock says nothing of what the log has read. */
    @Test
    void whileTheLogIsHoursBehindNoReportIsTakenForOneAboutNothing() throws Exception {
        acceptances.close();
        Story later = Story.of(NOON, "other@sender.example", "dan@remote.example");
        publish(OUTBOUND, later.acceptance());
        clock.advance(Duration.ofHours(9));
        Job bounce =
                report(
                        codec.address(later.id(), EmailAddress.of("dan@remote.example")).toString(),
                        bounce(""));
        Job complaint =
                report(
                        LOOP,
                        complaint(
                                "dan@remote.example",
                                "Received: from app by mx.example.com (Posthaste) with ESMTP\r\n id "
                                        + later.id()
                                        + "; now\r\n"));
        await().until(() -> turnedAway.containsAll(List.of(bounce.mailId(), complaint.mailId())));
        assertThat(events()).isEmpty();
        assertThat(forwarded()).isEmpty();

        tail(Topics.ACCEPTANCE_GROUP, topics.outbound());
        await().until(() -> events().size() == 2);
        assertThat(events()).allMatch(event -> event.mailId().equals(later.id()));
        assertThat(suppressed("dan@remote.example")).isPresent();
        assertThat(forwarded()).hasSize(1);
    }

    /** Its rows are gone with their day: nothing is waited for that the log has read. */
    @Test
    void aReportAboutAMailThatTheLogNoLongerHasGoesOn() throws Exception {
        Story gone = Story.of(NOON, "other@sender.example", "dan@remote.example");
        report(
                codec.address(gone.id(), EmailAddress.of("dan@remote.example")).toString(),
                bounce(""));

        Job forwarded = onlyForwarded();
        assertThat(forwarded.envelope().envelope().recipients().getFirst().address())
                .hasToString("lost@example.com");
        assertThat(events()).isEmpty();
    }

    /** For want of the log or the store, or after a crash. */
    @Test
    void aReportThatIsHandledAgainCountsOnce() throws Exception {
        Job report =
                report(
                        returnAddress("ann@remote.example"),
                        bounce("ann@remote.example")
                                .replace("550 5.1.1", "552 5.2.2")
                                .replace("User unknown", "mailbox full")
                                .replace("5.1.1", "5.2.2"));
        publish(Topics.INBOUND, report);
        await().until(() -> events().size() == 2);
        SuppressionKey key =
                SuppressionKey.of(Optional.empty(), EmailAddress.of("ann@remote.example"));
        await().until(() -> list.tally(key).isPresent());

        assertThat(list.tally(key).orElseThrow().count()).isOne();
    }

    @Test
    void aReportWhoseBodyIsGoneIsADeadLetter() throws Exception {
        publish(
                Topics.INBOUND,
                Job.first(
                        envelope(returnAddress("ann@remote.example")),
                        new BodyRef("primary/20261122T120000/none", 0, 10, 0),
                        0,
                        false));
        await().until(() -> !queue.values(Topics.DEAD_LETTER).isEmpty());
        assertThat(events()).isEmpty();
    }

    private String returnAddress(String recipient) {
        return codec.address(story.id(), EmailAddress.of(recipient)).toString();
    }

    private Job report(String to, String text) throws Exception {
        Envelope envelope = envelope(to);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        EncodedEnvelope encoded = EncodedEnvelope.of(envelope);
        BodyRef body;
        try (BodyWriter writer = store.begin(Generation.PRIMARY, Duration.ofSeconds(5))) {
            writer.write(bytes, 0, bytes.length);
            body =
                    writer.commit(
                            envelope.id().value(), encoded.toByteArray(), Duration.ofSeconds(5));
        }
        Job job = Job.first(encoded, body, 0, false);
        publish(Topics.INBOUND, job);
        return job;
    }

    private Envelope envelope(String to) {
        return new Envelope(
                MailId.derived(NOON.plusSeconds(60), "report " + ++reports),
                Stream.INBOUND,
                ReversePath.NULL,
                List.of(new Recipient(EmailAddress.of(to))),
                Ret.NOT_GIVEN,
                Optional.empty(),
                BodyType.SEVEN_BIT,
                false,
                new Client("192.0.2.1", "mx.remote.example", Optional.empty()),
                Optional.empty());
    }

    private static String bounce(String recipient) {
        return """
        From: Mail Delivery System <MAILER-DAEMON@mx.remote.example>
        Subject: Undelivered Mail Returned to Sender
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"
        MIME-Version: 1.0

        --b
        Content-Type: text/plain

        This is the mail system at host mx.remote.example.

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.remote.example

        Final-Recipient: rfc822; %s
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 <x>: Recipient address rejected: User unknown

        --b
        Content-Type: text/rfc822-headers

        Message-ID: <1@app.example.com>

        --b--
        """
                .formatted(recipient)
                .replace("\n", "\r\n");
    }

    private static String complaint(String recipient, String fields) {
        return """
        From: loop@provider.example
        Subject: complaint
        Content-Type: multipart/report; report-type=feedback-report; boundary="b"
        MIME-Version: 1.0

        --b
        Content-Type: text/plain

        This is an abuse report.

        --b
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        User-Agent: Loop/1
        Version: 1
        Original-Rcpt-To: %s

        --b
        Content-Type: message/rfc822

        """
                        .formatted(recipient)
                        .replace("\n", "\r\n")
                + fields
                + "Message-ID: <1@app.example.com>\r\nSubject: offer\r\n\r\nBuy.\r\n\r\n--b--\r\n";
    }

    private Optional<SuppressionClass> suppressed(String address) {
        return list.find(STREAM, EmailAddress.of(address))
                .map(SuppressionList.Hit::suppressionClass);
    }

    private double match(String match) {
        return meters.find("posthaste.reports").tag("match", match).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private Event onlyEvent() throws Exception {
        await().until(() -> !events().isEmpty());
        assertThat(events()).hasSize(1);
        return events().getFirst();
    }

    private Job onlyForwarded() throws Exception {
        await().until(() -> !forwarded().isEmpty());
        assertThat(forwarded()).hasSize(1);
        return forwarded().getFirst();
    }

    private List<Event> events() throws Exception {
        return records(Topics.EVENTS).stream().map(Event.class::cast).toList();
    }

    private List<Job> forwarded() throws Exception {
        return records(DSN_TOPIC).stream().map(Job.class::cast).toList();
    }

    private List<MailRecord> records(String name) throws Exception {
        List<MailRecord> records = new ArrayList<>();
        for (byte[] value : queue.values(name)) {
            records.add(RecordCodec.decode(value));
        }
        return records;
    }

    private String read(BodyRef ref) throws Exception {
        try (StoredBody body = store.open(ref)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            body.writeTo(out);
            return out.toString(StandardCharsets.UTF_8);
        }
    }
}
