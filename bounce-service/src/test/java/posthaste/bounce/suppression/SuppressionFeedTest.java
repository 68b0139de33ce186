package posthaste.bounce.suppression;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import posthaste.bounce.dsn.Notices;
import posthaste.bounce.inbound.rules.BounceClass;
import posthaste.bounce.inbound.rules.Classification;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Notice;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;
import posthaste.queue.memory.MemoryMailQueue;
import posthaste.service.lifecycle.FactsLifecycle;
import posthaste.service.suppression.SuppressionClass;
import posthaste.service.suppression.SuppressionKey;
import posthaste.service.suppression.SuppressionList;
import posthaste.service.suppression.SuppressionProperties;
import posthaste.service.suppression.SuppressionTopic;
import posthaste.testing.SettableClock;

class SuppressionFeedTest {
    private static final EmailAddress BOB = EmailAddress.of("bob@remote.example");
    private static final Stream BULK = new Stream("bulk");

    private final SettableClock clock = SettableClock.at("2026-11-22T08:00:05Z");
    private final MemoryMailQueue queue = new MemoryMailQueue(clock);
    private final SuppressionList list = new SuppressionList(clock);
    private final SuppressionTopic topic = new SuppressionTopic(queue, list);
    private final FactsLifecycle reading = topic.reading();
    private SuppressionFeed feed;

    @BeforeEach
    void start() throws Exception {
        feed =
                new SuppressionFeed(
                        new SuppressionProperties(
                                true, List.of("dsn"), List.of(), true, "", Map.of(), Map.of()),
                        list,
                        topic,
                        RuleBook.open(List.of()));
        reading.start();
    }

    @AfterEach
    void stop() {
        reading.stop();
        queue.close();
    }

    @Test
    void aMailboxThatDoesNotExistGetsNoMailAtOnce() {
        feed.noted(failed("550 5.1.1 no such user"));
        assertThat(list.find(BULK, BOB))
                .map(SuppressionList.Hit::suppressionClass)
                .contains(SuppressionClass.HARD_BOUNCE);
        clock.advance(Duration.ofDays(181));
        assertThat(list.find(BULK, BOB)).as("it may exist again").isEmpty();
    }

    @Test
    void aMailboxThatIsFullGetsMailUntilTheFifthTimeInTwoWeeks() {
        for (int i = 0; i < 4; i++) {
            feed.noted(failed("552 5.2.2 mailbox full"));
            clock.advance(Duration.ofDays(1));
            assertThat(list.find(BULK, BOB)).isEmpty();
        }
        feed.noted(failed("552 5.2.2 mailbox full"));
        assertThat(list.find(BULK, BOB))
                .contains(
                        new SuppressionList.Hit(
                                SuppressionClass.SOFT_BOUNCE,
                                Instant.parse("2026-11-26T08:00:00Z")));
    }

    /** As after a crash, or while one of our own parts is away. */
    @Test
    void whatIsHandledAgainCountsOnceAlsoForAProcessThatOnlyReadOfIt() throws Exception {
        for (int i = 0; i < 10; i++) {
            feed.noted(failed("552 5.2.2 mailbox full"));
        }
        SuppressionTopic topicOfAnother = new SuppressionTopic(queue, list);
        SuppressionFeed another =
                new SuppressionFeed(
                        new SuppressionProperties(
                                true, List.of("dsn"), List.of(), true, "", Map.of(), Map.of()),
                        list,
                        topicOfAnother,
                        RuleBook.open(List.of()));
        FactsLifecycle readingOfAnother = topicOfAnother.reading();
        readingOfAnother.start();
        another.noted(failed("552 5.2.2 mailbox full"));
        readingOfAnother.stop();

        assertThat(list.tally(SuppressionKey.of(Optional.empty(), BOB)).orElseThrow().count())
                .isOne();
    }

    @Test
    void whatHappenedLongAgoCountsNoMore() {
        for (int i = 0; i < 10; i++) {
            feed.noted(failed("552 5.2.2 mailbox full"));
            clock.advance(Duration.ofDays(4));
        }
        assertThat(list.find(BULK, BOB)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "550 5.7.1 blocked by Spamhaus see https://www.spamhaus.org/query/ip/192.0.2.1",
        "552 5.3.4 message too large",
        "554 5.7.26 unauthenticated mail is not accepted: DMARC"
    })
    void whatSaysNothingOfTheAddressCountsNothing(String reply) {
        for (int i = 0; i < 10; i++) {
            feed.noted(failed(reply));
        }
        assertThat(list.size()).isZero();
    }

    @Test
    void whatTheListItselfRefusedCountsNothing() {
        feed.noted(
                notice(
                        new EnhancedStatusCode(5, 7, 1),
                        Optional.empty(),
                        "suppressed: complaint, since 2026-11-20"));
        assertThat(list.size()).isZero();
    }

    @Test
    void aDomainThatTakesNoMailIsAHardBounce() {
        feed.noted(notice(new EnhancedStatusCode(5, 1, 10), Optional.empty(), "null MX"));
        assertThat(list.find(BULK, BOB)).isPresent();
    }

    @Test
    void aComplaintHoldsForItsStreamAlone() {
        feed.reported(
                BULK,
                BOB,
                new Classification(BounceClass.COMPLAINT, false, false, "arf"),
                clock.instant(),
                "abuse");
        assertThat(list.find(BULK, BOB)).isPresent();
        assertThat(list.find(Stream.TRANSACTIONAL, BOB)).isEmpty();
        clock.advance(Duration.ofDays(3650));
        assertThat(list.find(BULK, BOB)).as("for good").isPresent();
    }

    @Test
    void anEntryThatIsThereStaysAsItIs() {
        feed.noted(failed("550 5.1.1 no such user"));
        clock.advance(Duration.ofDays(10));
        feed.noted(failed("550 5.1.1 no such user"));
        assertThat(list.find(BULK, BOB))
                .map(SuppressionList.Hit::since)
                .contains(Instant.parse("2026-11-22T08:00:00Z"));
    }

    private Notice failed(String reply) {
        int code = Integer.parseInt(reply.substring(0, 3));
        String text = reply.substring(4);
        return notice(
                EnhancedStatusCode.parse(text.substring(0, text.indexOf(' '))),
                Optional.of(new Reply(code, text)),
                text);
    }

    private Notice notice(EnhancedStatusCode status, Optional<Reply> reply, String reason) {
        Envelope envelope = Notices.envelope(Notices.recipient(BOB.toString()));
        return new Notice(
                envelope.id() + ".0/failed/0",
                EncodedEnvelope.of(envelope),
                Notices.BODY,
                clock.instant(),
                List.of(
                        new Notice.Entry(
                                0,
                                Notice.Action.FAILED,
                                status,
                                reply,
                                reason,
                                "mx.remote.example",
                                Optional.empty())));
    }
}
