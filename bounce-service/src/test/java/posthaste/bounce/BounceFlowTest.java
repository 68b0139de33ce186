package posthaste.bounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static posthaste.bounce.dsn.Notices.MESSAGE;
import static posthaste.bounce.dsn.Notices.asking;
import static posthaste.bounce.dsn.Notices.entry;
import static posthaste.bounce.dsn.Notices.envelope;
import static posthaste.bounce.dsn.Notices.failed;
import static posthaste.bounce.dsn.Notices.notice;
import static posthaste.bounce.dsn.Notices.recipient;
import static posthaste.bounce.dsn.Notices.sentBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.messaging.MessageChannel;
import posthaste.body.BodyWriter;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.StoredBody;
import posthaste.body.memory.MemoryBodyStore;
import posthaste.bounce.dsn.Notices;
import posthaste.bounce.dsn.ParsedMail;
import posthaste.bounce.inbound.rules.InvalidRulesException;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.bounce.suppression.SuppressionFeed;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Notice;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Topics;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueuedRecord;
import posthaste.queue.RecordHandler;
import posthaste.queue.Settlement;
import posthaste.queue.memory.MemoryMailQueue;
import posthaste.service.flow.FlowGateway;
import posthaste.service.reload.FileWatch;
import posthaste.service.suppression.SuppressionList;
import posthaste.service.suppression.SuppressionProperties;
import posthaste.service.suppression.SuppressionTopic;
import posthaste.testing.SettableClock;

class BounceFlowTest {
    private static final long MIB = 1 << 20;

    private final SettableClock clock = SettableClock.at(Notices.DECIDED.plusSeconds(1));
    private final MemoryBudget budget = new MemoryBudget(4 * MIB);
    private final MemoryBodyStore store = new MemoryBodyStore(budget);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private AnnotationConfigApplicationContext context;
    private RecordHandler flow;

    @BeforeEach
    void compose() {
        context = new AnnotationConfigApplicationContext();
        context.register(Integration.class, BounceFlow.class);
        BounceProperties properties =
                new Binder(
                                new MapConfigurationPropertySource(
                                        Map.of(
                                                "posthaste.bounce.reporting-mta",
                                                "mx.posthaste.example",
                                                "posthaste.bounce.store-deadline",
                                                "200ms")))
                        .bindOrCreate("posthaste.bounce", BounceProperties.class);
        DsnProperties texts =
                new Binder(
                                new MapConfigurationPropertySource(
                                        Map.of(
                                                "posthaste.dsn.most-to-address", "3",
                                                "posthaste.dsn.most-to-domain", "5")))
                        .bindOrCreate("posthaste.dsn", DsnProperties.class);
        NotificationConfiguration parts = new NotificationConfiguration();
        context.registerBean(MeterRegistry.class, () -> meters);
        context.registerBean(InstantSource.class, () -> clock);
        context.registerBean(
                DsnMaker.class,
                () ->
                        parts.dsnMaker(
                                store,
                                properties,
                                DsnTextBook.open(texts, new FileWatch(Duration.ofDays(1), meters)),
                                parts.dsnMetrics(meters)));
        context.registerBean(Backscatter.class, () -> parts.backscatter(texts, clock));
        context.registerBean(
                CountAnswer.class,
                () ->
                        parts.countAnswer(
                                context.getBean(Backscatter.class),
                                feed(clock),
                                parts.dsnMetrics(meters)));
        context.registerBean(BounceSettlement.class, () -> parts.bounceSettlement(clock));
        context.refresh();
        flow = FlowGateway.settling(context.getBean("bounceNotices", MessageChannel.class));
    }

    @EnableIntegration
    static class Integration {}

    @AfterEach
    void nothingIsHeld() {
        context.close();
        assertThat(budget.used()).isZero();
    }

    @Test
    void aFailureBecomesAMailToTheSenderAndTheEndOfTheStory() throws Exception {
        Outcome outcome = settle(failure(envelope(recipient("bob@remote.example"))));

        Job dsn = outcome.dsn();
        assertThat(dsn.derived()).as("this record accepts the mail").isFalse();
        assertThat(dsn.envelope().envelope().reversePath()).isEqualTo(ReversePath.NULL);
        assertThat(dsn.pendingRecipients())
                .extracting(Recipient::address)
                .containsExactly(EmailAddress.of("alice@sender.example"));
        assertThat(outcome.dsnRecord().routingKey()).isEqualTo("sender.example");
        assertThat(dsn.body().key()).startsWith("primary/");
        assertThat(store.envelope(dsn.body())).isEqualTo(dsn.envelope().toByteArray());

        ParsedMail mail = read(dsn);
        assertThat(mail.field("To")).isEqualTo("<alice@sender.example>");
        assertThat(mail.parts().get(2).text()).contains("Subject: A plain message");

        Event event = outcome.event();
        assertThat(event.mailId()).isEqualTo(envelope(recipient("a@b.example")).id());
        assertThat(event.at()).isEqualTo(clock.instant());
        assertThat(event.entries())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.recipient()).isEqualTo("bob@remote.example");
                    assertThat(entry.kind()).isEqualTo(Event.Kind.BOUNCED);
                    assertThat(entry.dsnId()).contains(dsn.mailId());
                    assertThat(entry.reply()).isPresent();
                });
        assertThat(meters.counter("posthaste.dsn.told", "action", "failed").count()).isOne();
    }

    @Test
    void aRepeatedNoticeLeadsToTheSameIds() throws Exception {
        Notice notice = failure(envelope(recipient("bob@remote.example")));
        Outcome once = settle(notice);
        clock.advance(Duration.ofMinutes(1));
        Outcome twice = settle(notice);
        assertThat(twice.dsn().id()).isEqualTo(once.dsn().id());
        assertThat(twice.dsn().envelope()).isEqualTo(once.dsn().envelope());
        assertThat(read(twice.dsn()).fields()).isEqualTo(read(once.dsn()).fields());
        assertThat(ids(twice.event())).isEqualTo(ids(once.event()));
    }

    @Test
    void aNullReversePathIsToldNothingAndTheReasonIsRecorded() throws Exception {
        Outcome outcome =
                settle(
                        failure(
                                sentBy(
                                        envelope(recipient("bob@remote.example")),
                                        ReversePath.NULL)));
        assertThat(outcome.records()).hasSize(1);
        assertThat(outcome.event().entries())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.kind()).isEqualTo(Event.Kind.BOUNCED);
                    assertThat(entry.dsnId()).isEmpty();
                    assertThat(entry.reason()).isEqualTo("no DSN: null reverse-path");
                });
        assertThat(
                        meters.counter("posthaste.dsn.suppressed", "reason", "null-reverse-path")
                                .count())
                .isOne();
    }

    @Test
    void whoeverIsToldTooOftenIsToldNoMoreUntilTimeHasPassed() throws Exception {
        Envelope envelope = envelope(recipient("bob@remote.example"));
        for (int i = 0; i < 3; i++) {
            assertThat(settle(failure(envelope)).event().entries().getFirst().dsnId()).isPresent();
        }
        Event.Entry withheld = settle(failure(envelope)).event().entries().getFirst();
        assertThat(withheld.kind()).isEqualTo(Event.Kind.BOUNCED);
        assertThat(withheld.dsnId()).isEmpty();
        assertThat(withheld.reason()).isEqualTo("no DSN: too many notifications to this address");
        assertThat(
                        meters.counter("posthaste.dsn.suppressed", "reason", "too-many-to-address")
                                .count())
                .isOne();

        clock.advance(Duration.ofMinutes(20));
        assertThat(settle(failure(envelope)).event().entries().getFirst().dsnId()).isPresent();
    }

    @Test
    void aDomainIsSparedWhateverAddressesAreForged() throws Exception {
        List<Boolean> told = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            Envelope envelope =
                    Notices.sentBy(
                            envelope(recipient("bob@remote.example")),
                            new ReversePath.From(
                                    EmailAddress.of("victim" + i + "@sender.example")));
            told.add(settle(failure(envelope)).event().entries().getFirst().dsnId().isPresent());
        }
        assertThat(told).containsExactly(true, true, true, true, true, false, false);
    }

    @Test
    void aClientThatLoggedInIsToldAll() throws Exception {
        Envelope forged = envelope(recipient("bob@remote.example"));
        Envelope known =
                new Envelope(
                        forged.id(),
                        forged.stream(),
                        forged.reversePath(),
                        forged.recipients(),
                        forged.ret(),
                        forged.envid(),
                        forged.bodyType(),
                        forged.smtpUtf8(),
                        new Client("192.0.2.1", "client.example", Optional.of("alice")),
                        forged.messageId());
        for (int i = 0; i < 10; i++) {
            assertThat(settle(failure(known)).event().entries().getFirst().dsnId()).isPresent();
        }
    }

    @Test
    void aDsnThatFailsMakesNoOther() throws Exception {
        Job dsn = settle(failure(envelope(recipient("bob@remote.example")))).dsn();
        Notice about = notice(dsn.envelope().envelope(), dsn.body(), List.of(failed(0)));
        Outcome outcome = settle(about);
        assertThat(outcome.records()).hasSize(1);
        assertThat(outcome.event().entries().getFirst().reason())
                .isEqualTo("no DSN: null reverse-path");
    }

    @Test
    void whoWasNotToBeToldIsBouncedWithTheReason() throws Exception {
        Outcome outcome =
                settle(
                        notice(
                                envelope(
                                        recipient("a@remote.example", "NEVER", ""),
                                        recipient("b@remote.example", "SUCCESS", ""),
                                        recipient("c@remote.example")),
                                stored(MESSAGE),
                                List.of(failed(0), failed(1), failed(2))));
        assertThat(outcome.event().entries())
                .extracting(Event.Entry::recipient, Event.Entry::reason)
                .containsExactlyInAnyOrder(
                        tuple("c@remote.example", "The remote host refused the recipient."),
                        tuple("a@remote.example", "no DSN: NOTIFY=NEVER"),
                        tuple("b@remote.example", "no DSN: NOTIFY does not ask for it"));
        assertThat(read(outcome.dsn()).parts().get(1).text())
                .contains("c@remote.example")
                .doesNotContain("a@remote.example", "b@remote.example");
    }

    @Test
    void anExpiryEndsAsExpired() throws Exception {
        Outcome outcome = settle(entry(0, Notice.Action.EXPIRED), "");
        assertThat(outcome.event().entries().getFirst().kind()).isEqualTo(Event.Kind.EXPIRED);
        assertThat(outcome.event().entries().getFirst().dsnId()).contains(outcome.dsn().mailId());
    }

    @Test
    void aWarningIsRecordedOnlyIfItIsSent() throws Exception {
        Outcome sent = settle(entry(0, Notice.Action.DELAYED), "DELAY");
        assertThat(sent.event().entries().getFirst().kind()).isEqualTo(Event.Kind.DELAY_WARNED);
        assertThat(read(sent.dsn()).field("Subject")).isEqualTo("Your mail is delayed");

        assertThat(settle(entry(0, Notice.Action.DELAYED), "FAILURE").records()).isEmpty();
        assertThat(settle(entry(0, Notice.Action.RELAYED), "FAILURE").records()).isEmpty();
    }

    @Test
    void aWarningReturnsNoWholeMessage() throws Exception {
        Envelope envelope = asking(envelope(recipient("bob@remote.example")), Ret.FULL, "");
        Outcome outcome =
                settle(notice(envelope, stored(MESSAGE), List.of(entry(0, Notice.Action.DELAYED))));
        assertThat(read(outcome.dsn()).parts().get(2).field("Content-Type"))
                .isEqualTo("text/rfc822-headers");
    }

    @Test
    void aMailWithRequireTlsIsReturnedAsItsHeader() throws Exception {
        Envelope envelope =
                asking(envelope(recipient("bob@remote.example")), Ret.FULL, "")
                        .handled(new Handling(new FirstStop.Attempt(), true, Optional.empty()));
        Outcome outcome =
                settle(notice(envelope, stored(MESSAGE), List.of(entry(0, Notice.Action.FAILED))));
        assertThat(read(outcome.dsn()).parts().get(2).field("Content-Type"))
                .isEqualTo("text/rfc822-headers");
    }

    @Test
    void aLostMessageStillLeadsToANotification() throws Exception {
        BodyRef body = stored(MESSAGE);
        store.lose(body);
        assertThat(explanation(settle(failure(body))))
                .contains("It cannot be attached, because our copy of it is gone.");
        assertThat(lack("missing")).isOne();
    }

    @Test
    void aDamagedMessageStillLeadsToANotification() throws Exception {
        BodyRef body = stored(MESSAGE);
        store.damage(body);
        assertThat(explanation(settle(failure(body))))
                .contains("It cannot be attached, because our copy of it is damaged.");
        assertThat(lack("damaged")).isOne();
    }

    @Test
    void whileTheStoreIsAwayTheNoticeWaits() throws Exception {
        Notice notice = failure(envelope(recipient("bob@remote.example")));
        store.setAvailable(false);
        assertThatThrownBy(() -> settle(notice)).isInstanceOf(PartUnavailableException.class);
        store.setAvailable(true);
        assertThat(settle(notice).records()).hasSize(2);
    }

    /** It is handled again and again for as long as the store is away. */
    @Test
    void aNoticeThatWaitsTakesNothingOfWhatItsSenderIsAllowed() throws Exception {
        Notice notice = failure(envelope(recipient("bob@remote.example")));
        store.setAvailable(false);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> settle(notice)).isInstanceOf(PartUnavailableException.class);
        }
        store.setAvailable(true);
        assertThat(settle(notice).event().entries().getFirst().dsnId()).isPresent();
        assertThat(meters.counter("posthaste.dsn.told", "action", "failed").count()).isOne();
    }

    @Test
    void aWholeMessageIsReturnedFromTheStoreByteForByte() throws Exception {
        byte[] message = messageOf(900_000);
        Outcome outcome = settle(failure(askingForAll(), stored(message)));
        assertThat(read(outcome.dsn()).parts().get(2).content()).isEqualTo(message);
    }

    @Test
    void whatIsReturnedBeginsWithTheFieldsThatWeAdded() throws Exception {
        String added = "Message-ID: <added@posthaste.example>\r\n";
        byte[] message = messageOf(900);
        Envelope all = askingForAll().withMessage(Optional.empty(), added);
        assertThat(read(settle(failure(all, stored(message))).dsn()).parts().get(2).content())
                .isEqualTo(
                        (added + new String(message, StandardCharsets.ISO_8859_1))
                                .getBytes(StandardCharsets.ISO_8859_1));

        Envelope header =
                envelope(recipient("bob@remote.example")).withMessage(Optional.empty(), added);
        assertThat(read(settle(failure(header, stored(MESSAGE))).dsn()).parts().get(2).text())
                .startsWith(added)
                .contains("Subject: A plain message");
    }

    @Test
    void whenMemoryIsShortTheHeaderGoesBackAlone() throws Exception {
        Notice notice = failure(askingForAll(), stored(messageOf(900_000)));
        long taken = budget.size() - memoryToRead(notice.body());
        budget.acquire(taken, Duration.ZERO);
        try {
            Outcome outcome = settle(notice);
            assertThat(read(outcome.dsn()).parts().get(2).field("Content-Type"))
                    .isEqualTo("text/rfc822-headers");
            assertThat(lack("memory")).isOne();
        } finally {
            budget.release(taken);
        }
    }

    @Test
    void withoutAnyMemoryTheNoticeWaits() throws Exception {
        Notice notice = failure(envelope(recipient("bob@remote.example")));
        BodyRef gone = notice.body();
        store.lose(gone);
        budget.acquire(budget.size(), Duration.ZERO);
        try {
            assertThatThrownBy(() -> settle(notice)).isInstanceOf(PartUnavailableException.class);
        } finally {
            budget.release(budget.size());
        }
    }

    @Test
    void aNoticeThatCannotBeToldGoesToTheDeadLettersInsteadOfComingBackForEver() throws Exception {
        Notice plain = failure(envelope(recipient("bob@remote.example")));
        Notice before1970 =
                new Notice(
                        plain.id(),
                        plain.envelope(),
                        plain.body(),
                        Instant.ofEpochMilli(-1),
                        plain.entries());
        assertThat(flow.handle(queued(before1970)))
                .isInstanceOfSatisfying(
                        Settlement.Poison.class,
                        poison -> assertThat(poison.reason()).contains("no notification"));
    }

    @Test
    void aNoticeOfARepeatedAttemptLeadsToTheSameMailAndTheSameEnd() throws Exception {
        Notice first = failure(envelope(recipient("bob@remote.example")));
        Notice again =
                new Notice(
                        first.id(),
                        first.envelope(),
                        first.body(),
                        first.decidedAt().plusSeconds(90),
                        first.causedAt(),
                        first.entries());
        Outcome once = settle(first);
        clock.advance(Duration.ofMinutes(2));
        Outcome twice = settle(again);
        assertThat(twice.dsn().id()).isEqualTo(once.dsn().id());
        assertThat(twice.dsn().envelope()).isEqualTo(once.dsn().envelope());
        assertThat(read(twice.dsn()).field("Message-ID"))
                .isEqualTo(read(once.dsn()).field("Message-ID"));
        assertThat(twice.event().entryId(twice.event().entries().getFirst()))
                .isEqualTo(once.event().entryId(once.event().entries().getFirst()));
    }

    @Test
    void whatIsNoNoticeIsPoison() throws Exception {
        Envelope envelope = envelope(recipient("bob@remote.example"));
        Job job = Job.first(envelope, Notices.BODY, 0, false);
        assertThat(flow.handle(queued(job))).isInstanceOf(Settlement.Poison.class);
    }

    @Test
    void theEventIsNeverBeforeItsCause() throws Exception {
        clock.set(Notices.DECIDED.minusSeconds(30));
        assertThat(settle(failure(envelope(recipient("bob@remote.example")))).event().at())
                .isEqualTo(Notices.DECIDED);
    }

    @Test
    void theFlowRunsOnDirectChannels() {
        assertThat(context.getBeansOfType(MessageChannel.class).entrySet())
                .filteredOn(bean -> bean.getKey().startsWith("bounce"))
                .isNotEmpty()
                .allSatisfy(bean -> assertThat(bean.getValue()).isInstanceOf(DirectChannel.class));
    }

    /** Invariant 2, over random notices. */
    @Test
    void everyRecipientOfANoticeEndsInExactlyOneOutcome() throws Exception {
        Random random = new Random(2);
        String[] notifies = {"", "NEVER", "SUCCESS", "FAILURE", "DELAY", "SUCCESS,FAILURE,DELAY"};
        List<Notice.Action> actions = List.of(Notice.Action.values());
        for (int round = 0; round < 100; round++) {
            int count = 1 + random.nextInt(5);
            Recipient[] recipients = new Recipient[count];
            List<Notice.Entry> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String notify = notifies[random.nextInt(notifies.length)];
                recipients[i] = recipient("r" + i + "@remote.example", notify, "");
                entries.add(entry(i, actions.get(random.nextInt(actions.size()))));
            }
            Envelope envelope = envelope(recipients);
            if (random.nextInt(4) == 0) {
                envelope = sentBy(envelope, ReversePath.NULL);
            }
            Outcome outcome = settle(notice(envelope, stored(MESSAGE), entries));
            assertOneEndEach(entries, outcome);
        }
    }

    private static void assertOneEndEach(List<Notice.Entry> entries, Outcome outcome) {
        List<Event.Entry> recorded =
                outcome.events().stream().flatMap(e -> e.entries().stream()).toList();
        for (Notice.Entry entry : entries) {
            String recipient = "r" + entry.recipient() + "@remote.example";
            long ends =
                    recorded.stream()
                            .filter(e -> e.recipient().equals(recipient) && e.kind().isFinal())
                            .count();
            boolean hasFailed =
                    entry.action() == Notice.Action.FAILED
                            || entry.action() == Notice.Action.EXPIRED;
            assertThat(ends).isEqualTo(hasFailed ? 1 : 0);
        }
        assertThat(recorded)
                .allSatisfy(e ->
                        assertThat(e.dsnId().isPresent())
                                .isNotEqualTo(e.reason().startsWith("no DSN: ")));
        boolean someoneTold = recorded.stream().anyMatch(e -> e.dsnId().isPresent());
        assertThat(outcome.jobs()).hasSize(someoneTold ? 1 : 0);
    }

    /** What a notice led to. */
    private record Outcome(List<OutgoingRecord> records) {
        OutgoingRecord dsnRecord() {
            return records.stream()
                    .filter(r -> r.topic().equals("mail.outbound.dsn"))
                    .findFirst()
                    .orElseThrow();
        }

        Job dsn() {
            return (Job) dsnRecord().content();
        }

        List<OutgoingRecord> jobs() {
            return records.stream().filter(r -> r.content() instanceof Job).toList();
        }

        List<Event> events() {
            return records.stream()
                    .filter(r -> r.topic().equals(Topics.EVENTS))
                    .map(r -> (Event) r.content())
                    .toList();
        }

        Event event() {
            assertThat(events()).hasSize(1);
            return events().getFirst();
        }
    }

    private Outcome settle(Notice notice) throws Exception {
        return new Outcome(((Settlement.Settled) flow.handle(queued(notice))).records());
    }

    private Outcome settle(Notice.Entry entry, String notify) throws Exception {
        return settle(
                notice(
                        envelope(recipient("bob@remote.example", notify, "")),
                        stored(MESSAGE),
                        List.of(entry)));
    }

    private Notice failure(Envelope envelope) throws Exception {
        return failure(envelope, stored(MESSAGE));
    }

    private static Notice failure(BodyRef body) {
        return failure(envelope(recipient("bob@remote.example")), body);
    }

    private static Notice failure(Envelope envelope, BodyRef body) {
        return notice(envelope, body, List.of(failed(0)));
    }

    private static Envelope askingForAll() {
        return asking(envelope(recipient("bob@remote.example")), Ret.FULL, "");
    }

    private static QueuedRecord queued(MailRecord record) {
        return new QueuedRecord(Topics.BOUNCE, 0, 0, Notices.DECIDED, record);
    }

    private BodyRef stored(byte[] message) throws Exception {
        try (BodyWriter writer = store.begin(Generation.PRIMARY, Duration.ofSeconds(1))) {
            writer.write(message, 0, message.length);
            return writer.commit("test", new byte[] {1}, Duration.ofSeconds(1));
        }
    }

    private ParsedMail read(Job dsn) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (StoredBody body = store.open(dsn.body())) {
            body.writeTo(out);
        }
        return ParsedMail.of(out.toByteArray());
    }

    private long memoryToRead(BodyRef ref) throws Exception {
        try (StoredBody _ = store.open(ref)) {
            return budget.used();
        }
    }

    private String explanation(Outcome outcome) throws Exception {
        return read(outcome.dsn()).parts().getFirst().text();
    }

    private double lack(String reason) {
        return meters.counter("posthaste.dsn.returned.less", "reason", reason).count();
    }

    private static List<String> ids(Event event) {
        return event.entries().stream().map(event::entryId).toList();
    }

    private static byte[] messageOf(int octets) {
        String line = "0123456789".repeat(7) + "\r\n";
        String body = line.repeat(octets / line.length());
        return ("Subject: long\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
    }

    private static SuppressionFeed feed(InstantSource clock) {
        SuppressionList list = new SuppressionList(clock);
        try {
            return new SuppressionFeed(
                    new SuppressionProperties(
                            true, List.of("dsn"), List.of(), true, "", Map.of(), Map.of()),
                    list,
                    new SuppressionTopic(new MemoryMailQueue(clock), list),
                    RuleBook.open(List.of()));
        } catch (InvalidRulesException e) {
            throw new IllegalStateException(e);
        }
    }
}
