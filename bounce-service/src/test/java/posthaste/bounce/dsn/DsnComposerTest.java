package posthaste.bounce.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static posthaste.bounce.dsn.Notices.MESSAGE;
import static posthaste.bounce.dsn.Notices.asking;
import static posthaste.bounce.dsn.Notices.entry;
import static posthaste.bounce.dsn.Notices.envelope;
import static posthaste.bounce.dsn.Notices.failed;
import static posthaste.bounce.dsn.Notices.international;
import static posthaste.bounce.dsn.Notices.notice;
import static posthaste.bounce.dsn.Notices.ordinary;
import static posthaste.bounce.dsn.Notices.recipient;
import static posthaste.bounce.dsn.Notices.sentBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.DeliverBy;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Notice;
import posthaste.mail.status.Reply;

class DsnComposerTest {

    @Test
    void aFailureIsReportedInThreeParts() {
        ParsedMail mail = Composed.of(ordinary(), MESSAGE).mail();
        assertThat(mail.field("Content-Type"))
                .startsWith("multipart/report; report-type=delivery-status; boundary=");
        assertThat(mail.parts())
                .extracting(part -> part.field("Content-Type"))
                .containsExactly(
                        "text/plain; charset=utf-8",
                        "message/delivery-status",
                        "text/rfc822-headers");
        assertThat(mail.isSevenBit()).isTrue();
    }

    @Test
    void theHeaderTellsPeopleAndProgramsWhatItIs() {
        Composed composed = Composed.of(ordinary(), MESSAGE);
        assertThat(composed.mail().fields())
                .containsEntry("date", "Sun, 22 Nov 2026 08:00:05 +0000")
                .containsEntry("from", "Mail Delivery System <postmaster@posthaste.example>")
                .containsEntry("to", "<alice@sender.example>")
                .containsEntry("subject", "Your mail could not be delivered")
                .containsEntry("in-reply-to", "<m1@sender.example>")
                .containsEntry("references", "<m1@sender.example>")
                .containsEntry("auto-submitted", "auto-replied")
                .containsEntry("mime-version", "1.0")
                .doesNotContainKey("content-transfer-encoding");
        assertThat(composed.mail().field("Message-ID"))
                .matches("<[0-9a-z]{26}@mx\\.posthaste\\.example>");
    }

    @Test
    void theEnvelopeHasTheNullReversePathAndAsksForNothing() {
        Envelope envelope = Composed.of(ordinary(), MESSAGE).dsn().envelope();
        assertThat(envelope.reversePath()).isEqualTo(ReversePath.NULL);
        assertThat(envelope.stream()).isEqualTo(Stream.DSN);
        assertThat(envelope.bodyType()).isEqualTo(BodyType.SEVEN_BIT);
        assertThat(envelope.smtpUtf8()).isFalse();
        assertThat(envelope.ret()).isEqualTo(Ret.NOT_GIVEN);
        Recipient sender = envelope.recipients().getFirst();
        assertThat(envelope.recipients()).hasSize(1);
        assertThat(sender.address()).isEqualTo(EmailAddress.of("alice@sender.example"));
        assertThat(sender.notification().never()).isTrue();
    }

    @Test
    void theReportNamesTheMessageAndTheRecipient() {
        Composed composed =
                Composed.of(
                        notice(
                                asking(
                                        envelope(
                                                recipient(
                                                        "bob@remote.example",
                                                        "FAILURE",
                                                        "rfc822;bob+list@origin.example")),
                                        Ret.HDRS,
                                        "order 4711"),
                                failed(0)),
                        MESSAGE);
        assertThat(composed.aboutMessage())
                .containsExactly(
                        Map.entry("original-envelope-id", "order 4711"),
                        Map.entry("reporting-mta", "dns; mx.posthaste.example"),
                        Map.entry("arrival-date", "Sun, 22 Nov 2026 07:00:00 +0000"));
        assertThat(composed.about(0))
                .containsExactly(
                        Map.entry("original-recipient", "rfc822; bob+list@origin.example"),
                        Map.entry("final-recipient", "rfc822; bob@remote.example"),
                        Map.entry("action", "failed"),
                        Map.entry("status", "5.1.1"),
                        Map.entry("remote-mta", "dns; mx.remote.example"),
                        Map.entry("diagnostic-code", "smtp; 550 5.1.1 no such user here"),
                        Map.entry("last-attempt-date", "Sun, 22 Nov 2026 08:00:05 +0000"));
    }

    @Test
    void theReportTellsWhatWasAskedForWithTheMail() {
        Instant until = Instant.parse("2026-11-23T07:00:00Z");
        Handling handling =
                new Handling(
                        new FirstStop.Hold(until),
                        true,
                        Optional.of(
                                new DeliverBy(
                                        until.plusSeconds(60), DeliverBy.Mode.RETURN, false)));
        Composed composed =
                Composed.of(
                        notice(
                                envelope(recipient("bob@remote.example")).handled(handling),
                                failed(0)),
                        MESSAGE);

        assertThat(composed.aboutMessage())
                .containsEntry("deliver-by-date", "Mon, 23 Nov 2026 07:01:00 +0000")
                .containsEntry("future-release-request", "until;2026-11-23T07:00:00Z");
        assertThat(composed.dsn().envelope().handling())
                .as("protected as the mail was, and sent at once")
                .isEqualTo(new Handling(new FirstStop.Attempt(), true, Optional.empty()));
    }

    @Test
    void whatWeDecidedOurselvesHasNoRemoteMtaAndADiagnosisOfOurOwnType() {
        Map<String, String> about =
                Composed.of(
                                notice(
                                        envelope(recipient("bob@remote.example")),
                                        Notices.refusedByUs(0)),
                                MESSAGE)
                        .about(0);
        assertThat(about)
                .doesNotContainKey("remote-mta")
                .containsEntry("status", "5.1.10")
                .containsEntry(
                        "diagnostic-code", "X-Posthaste; The domain takes no mail (null MX).");
    }

    @Test
    void whatWasNotGivenIsNotReported() {
        Composed composed = Composed.of(ordinary(), MESSAGE);
        assertThat(composed.aboutMessage()).doesNotContainKey("original-envelope-id");
        assertThat(composed.about(0))
                .doesNotContainKey("original-recipient")
                .doesNotContainKey("will-retry-until");
    }

    @Test
    void eachActionHasItsWord() {
        assertThat(action(Notice.Action.FAILED)).containsEntry("action", "failed");
        assertThat(action(Notice.Action.EXPIRED))
                .containsEntry("action", "failed")
                .containsEntry("status", "4.4.1");
        assertThat(action(Notice.Action.DELAYED))
                .containsEntry("action", "delayed")
                .containsEntry("will-retry-until", "Fri, 27 Nov 2026 07:00:00 +0000");
        assertThat(action(Notice.Action.RELAYED))
                .containsEntry("action", "relayed")
                .containsEntry("status", "2.1.5");
    }

    private static Map<String, String> action(Notice.Action action) {
        return Composed.of(
                        notice(
                                envelope(
                                        recipient(
                                                "bob@remote.example", "SUCCESS,FAILURE,DELAY", "")),
                                entry(0, action)),
                        MESSAGE)
                .about(0);
    }

    @Test
    void oneNotificationTellsOfAllRecipientsAndOfNoOther() {
        Composed composed =
                Composed.of(
                        notice(
                                envelope(
                                        recipient("a@remote.example"),
                                        recipient("never@remote.example", "NEVER", ""),
                                        recipient("c@remote.example"),
                                        recipient("delivered@remote.example")),
                                failed(0),
                                failed(1),
                                failed(2)),
                        MESSAGE);
        assertThat(composed.report().blocks()).hasSize(3);
        assertThat(composed.about(0)).containsEntry("final-recipient", "rfc822; a@remote.example");
        assertThat(composed.about(1)).containsEntry("final-recipient", "rfc822; c@remote.example");
        assertThat(composed.explanation().text())
                .contains("<a@remote.example>", "<c@remote.example>")
                .doesNotContain("never@", "delivered@");
    }

    @Test
    void peopleReadWhoDidNotGetItAndWhatWasSaid() {
        assertThat(Composed.of(ordinary(), MESSAGE).explanation().text())
                .isEqualTo(
                        """
                        This is the mail system at mx.posthaste.example.

                        Your message could not be delivered to the recipients below. It will not be
                        tried again.

                          <bob@remote.example>
                              The remote host refused the recipient.
                              mx.remote.example said: 550 5.1.1 no such user here

                        It was accepted on Sun, 22 Nov 2026 07:00:00 +0000,
                        its id here is %s.
                        Its header section is attached.
                        """
                                .formatted(envelope(recipient("a@b.example")).id())
                                .replace("\n", "\r\n"));
    }

    @Test
    void aWarningSaysUntilWhenWeTry() {
        String text =
                Composed.of(
                                notice(
                                        envelope(recipient("bob@remote.example")),
                                        entry(0, Notice.Action.DELAYED)),
                                MESSAGE)
                        .explanation()
                        .text();
        assertThat(text)
                .contains("not been delivered", "need\r\nnot send it again")
                .contains("We keep trying until Fri, 27 Nov 2026 07:00:00 +0000.");
    }

    @ParameterizedTest
    @EnumSource(Ret.class)
    void aFailureReturnsTheWholeMessageOnlyIfAskedTo(Ret ret) {
        ParsedMail attached = Composed.of(ordinary(e -> asking(e, ret, "")), MESSAGE).attached();
        if (ret == Ret.FULL) {
            assertThat(attached.field("Content-Type")).isEqualTo("message/rfc822");
            assertThat(attached.content()).isEqualTo(MESSAGE);
        } else {
            assertThat(attached.field("Content-Type")).isEqualTo("text/rfc822-headers");
            assertThat(attached.text())
                    .startsWith("Received: from client.example")
                    .endsWith("Message-ID: <m1@sender.example>\r\n");
        }
    }

    @Test
    void aMessageAboveTheLimitIsReturnedAsItsHeader() {
        Notice notice = ordinary(e -> asking(e, Ret.FULL, ""));
        Returned.Limits limits = new Returned.Limits(MESSAGE.length - 1, 1000);
        assertThat(Composed.of(notice, MESSAGE, limits).attached().field("Content-Type"))
                .isEqualTo("text/rfc822-headers");
        limits = new Returned.Limits(MESSAGE.length, 1000);
        assertThat(Composed.of(notice, MESSAGE, limits).attached().content()).isEqualTo(MESSAGE);
    }

    @Test
    void anEightBitMessageIsReturnedAsItIsAndDeclared() {
        byte[] message =
                "Subject: x\r\n\r\ngr\u00fc\u00df Gott\r\n".getBytes(StandardCharsets.UTF_8);
        Composed composed = Composed.of(ordinary(e -> asking(e, Ret.FULL, "")), message);
        assertThat(composed.mail().field("Content-Transfer-Encoding")).isEqualTo("8bit");
        assertThat(composed.attached().field("Content-Transfer-Encoding")).isEqualTo("8bit");
        assertThat(composed.attached().content()).isEqualTo(message);
        assertThat(composed.dsn().envelope().bodyType()).isEqualTo(BodyType.EIGHT_BIT_MIME);
    }

    @Test
    void aLostMessageIsSaidToBeLost() {
        Composed composed =
                Composed.of(ordinary(), new Returned.Nothing("The message itself is lost."));
        assertThat(composed.mail().parts()).hasSize(2);
        assertThat(composed.explanation().text()).contains("The message itself is lost.");
    }

    @Test
    void theSameNoticeGivesTheSameMailTwice() {
        Composed once = Composed.of(ordinary(), MESSAGE);
        Composed twice = Composed.of(ordinary(), MESSAGE);
        assertThat(twice.octets()).isEqualTo(once.octets());
        assertThat(twice.dsn().envelope()).isEqualTo(once.dsn().envelope());
        assertThat(once.dsn().envelope().id())
                .isEqualTo(MailId.derived(Notices.DECIDED, ordinary().id()));
    }

    @Test
    void anAttemptRepeatedByACrashGivesTheSameIds() {
        Notice first = ordinary();
        Notice again =
                new Notice(
                        first.id(),
                        first.envelope(),
                        first.body(),
                        first.decidedAt().plus(Duration.ofMinutes(1)),
                        first.causedAt(),
                        first.entries());
        assertThat(Composed.of(again, MESSAGE).dsn().envelope())
                .isEqualTo(Composed.of(first, MESSAGE).dsn().envelope());
        assertThat(Composed.of(again, MESSAGE).mail().field("Message-ID"))
                .isEqualTo(Composed.of(first, MESSAGE).mail().field("Message-ID"));
    }

    @Test
    void otherRecipientsOfTheSameJobGiveAnotherMessageId() {
        Envelope envelope = envelope(recipient("a@remote.example"), recipient("b@remote.example"));
        assertThat(Composed.of(notice(envelope, failed(0)), MESSAGE).mail().field("Message-ID"))
                .isNotEqualTo(
                        Composed.of(notice(envelope, failed(1)), MESSAGE)
                                .mail()
                                .field("Message-ID"));
    }

    @Test
    void nobodyToTellIsAMistakeOfTheCaller() {
        Notice notice = ordinary(e -> sentBy(e, ReversePath.NULL));
        DsnComposer composer = new DsnComposer(Notices.REPORTER);
        assertThatThrownBy(
                        () -> composer.compose(notice, notice.entries(), new Returned.Nothing("x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> composer.compose(ordinary(), List.of(), new Returned.Nothing("x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void internationalRecipientsAreReportedAsUtf8ToWhomSaidSmtputf8() {
        Envelope envelope =
                international(
                        envelope(
                                recipient(
                                        "b\u00f6b@r\u00e9mote.example",
                                        "FAILURE",
                                        "utf-8;gr\\x{E9}g@origin.example")));
        byte[] message = "Subject: gr\u00fc\u00dfe\r\n\r\nx\r\n".getBytes(StandardCharsets.UTF_8);
        Composed composed =
                Composed.of(
                        notice(envelope, failed(0, new Reply(550, "5.1.1 \u65e0\u6b64\u4eba"))),
                        message);
        assertThat(composed.mail().field("Content-Type"))
                .contains("report-type=global-delivery-status");
        assertThat(composed.report().field("Content-Type"))
                .isEqualTo("message/global-delivery-status");
        assertThat(composed.about(0))
                .containsEntry("original-recipient", "utf-8; gr\u00e9g@origin.example")
                .containsEntry("final-recipient", "utf-8; b\u00f6b@r\u00e9mote.example")
                .containsEntry("diagnostic-code", "smtp; 550 5.1.1 \u65e0\u6b64\u4eba");
        assertThat(composed.attached().field("Content-Type")).isEqualTo("message/global-headers");
        assertThat(composed.attached().text()).isEqualTo("Subject: gr\u00fc\u00dfe\r\n");
        assertThat(composed.mail().isSevenBit()).as("an ASCII reverse-path").isTrue();
        assertThat(composed.dsn().envelope().smtpUtf8()).isFalse();
    }

    @Test
    void aWholeInternationalMessageIsEncodedSoThatEveryHopTakesIt() {
        byte[] message = "Subject: gr\u00fc\u00dfe\r\n\r\nx\r\n".getBytes(StandardCharsets.UTF_8);
        Composed composed =
                Composed.of(ordinary(e -> asking(international(e), Ret.FULL, "")), message);
        assertThat(composed.attached().field("Content-Type")).isEqualTo("message/global");
        assertThat(composed.attached().field("Content-Transfer-Encoding")).isEqualTo("base64");
        assertThat(composed.attached().content()).isEqualTo(message);
        assertThat(composed.mail().isSevenBit()).isTrue();
    }

    @Test
    void anInternationalReversePathTakesUtf8Unencoded() {
        byte[] message = "Subject: gr\u00fc\u00dfe\r\n\r\nx\r\n".getBytes(StandardCharsets.UTF_8);
        ReversePath sender = new ReversePath.From(EmailAddress.of("\u00e4lice@sender.example"));
        Composed composed =
                Composed.of(
                        ordinary(e -> sentBy(asking(international(e), Ret.FULL, ""), sender)),
                        message);
        assertThat(composed.mail().field("To")).isEqualTo(octets("<\u00e4lice@sender.example>"));
        assertThat(composed.dsn().envelope().smtpUtf8()).isTrue();
        assertThat(composed.dsn().envelope().bodyType()).isEqualTo(BodyType.EIGHT_BIT_MIME);
        assertThat(composed.attached().field("Content-Transfer-Encoding")).isEqualTo("8bit");
        assertThat(composed.attached().content()).isEqualTo(message);
    }

    @Test
    void withoutSmtputf8TheReportStaysAscii() {
        Composed composed =
                Composed.of(
                        notice(
                                envelope(
                                        recipient(
                                                "bob@remote.example",
                                                "",
                                                "utf-8;gr\\x{E9}g@origin.example")),
                                failed(0, new Reply(550, "5.1.1 \u00e9chec"))),
                        MESSAGE);
        assertThat(composed.report().field("Content-Type")).isEqualTo("message/delivery-status");
        assertThat(composed.about(0))
                .containsEntry("original-recipient", "utf-8; gr\\x{E9}g@origin.example")
                .containsEntry("diagnostic-code", "smtp; 550 5.1.1 ?chec");
        assertThat(composed.explanation().text()).contains("\u00e9chec");
        assertThat(composed.mail().isSevenBit()).isTrue();
    }

    /** As the strict parser keeps what is not ASCII. */
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
