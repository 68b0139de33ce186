package posthaste.bounce.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.bounce.inbound.parse.ReportKind;
import posthaste.bounce.inbound.rules.BounceClass;
import posthaste.bounce.inbound.rules.RuleBook;

class ReportReaderTest {
    private final ReportReader reader = new ReportReader(RuleBook.shipped());

    @Test
    void aReportTellsOfEachRecipientOnItsOwn() {
        InboundReport report =
                read(
                        """
                        Return-Path: <>
                        From: Mail Delivery System <MAILER-DAEMON@mx.example>
                        To: news@sender.example
                        Subject: Undelivered Mail Returned to Sender
                        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

                        --b
                        Content-Type: text/plain

                        Two of them.
                        --b
                        Content-Type: message/delivery-status

                        Reporting-MTA: dns; mx.example
                        Original-Envelope-Id: campaign-7

                        Final-Recipient: rfc822; gone@one.example
                        Action: failed
                        Status: 5.1.1
                        Diagnostic-Code: smtp; 550 5.1.1 <gone@one.example>: User unknown

                        Final-Recipient: rfc822; full@two.example
                        Action: delayed
                        Status: 4.2.2
                        Diagnostic-Code: smtp; 452-4.2.2 The mailbox is
                         452 4.2.2 over quota

                        Final-Recipient: rfc822; fine@three.example
                        Action: relayed
                        Status: 2.1.9
                        --b
                        Content-Type: message/rfc822

                        From: news@sender.example
                        Message-ID: <17@sender.example>
                        To: gone@one.example

                        Hello
                        --b--
                        """);

        assertThat(report.originalMessageId()).contains("<17@sender.example>");
        assertThat(report.originalEnvelopeId()).contains("campaign-7");
        assertThat(report.recipients())
                .containsExactly(
                        new ReportedRecipient(
                                Optional.of("gone@one.example"),
                                ReportKind.BOUNCE,
                                BounceClass.INVALID_RECIPIENT,
                                true,
                                Optional.of("5.1.1"),
                                "550 5.1.1 <gone@one.example>: User unknown"),
                        new ReportedRecipient(
                                Optional.of("full@two.example"),
                                ReportKind.BOUNCE,
                                BounceClass.MAILBOX_FULL,
                                false,
                                Optional.of("4.2.2"),
                                "452 4.2.2 The mailbox is 452 4.2.2 over quota"),
                        new ReportedRecipient(
                                Optional.of("fine@three.example"),
                                ReportKind.DELIVERED,
                                BounceClass.DELIVERED,
                                false,
                                Optional.of("2.1.9"),
                                ""));
    }

    @Test
    void internationalReportsAreRead() {
        assertThat(
                        one(
                                """
                                From: postmaster@mx.example
                                Content-Type: multipart/report; report-type=delivery-status; boundary=b

                                --b
                                Content-Type: message/global-delivery-status

                                Reporting-MTA: dns; mx.example

                                Final-Recipient: utf-8; b\\x{FC}ro@example.org
                                Action: failed
                                Status: 5.1.1
                                --b--
                                """))
                .extracting(ReportedRecipient::recipient, ReportedRecipient::bounceClass)
                .containsExactly(Optional.of("büro@example.org"), BounceClass.INVALID_RECIPIENT);
    }

    @Test
    void aReportWithoutItsPartsIsReadFromItsText() {
        assertThat(
                        one(
                                """
                                From: MAILER-DAEMON@mx.example
                                To: me@sender.example
                                Subject: failure notice

                                Hi, this is the mail program at mx.example.

                                <nobody@example.org>:
                                192.0.2.1 does not like recipient.
                                Remote host said: 550 5.1.1 no such user here
                                Giving up on 192.0.2.1.

                                --- Below this line is a copy of the message.

                                From: me@sender.example
                                To: nobody@example.org
                                """))
                .extracting(ReportedRecipient::recipient, ReportedRecipient::reply)
                .containsExactly(Optional.of("nobody@example.org"), "550 5.1.1 no such user here");
    }

    @Test
    void aReasonWithoutAnyCodeIsFound() {
        ReportedRecipient found =
                one(
                        """
                        From: Postmaster <postmaster@example.org>
                        To: me@sender.example
                        Subject: Undeliverable: Hello

                        Your message did not reach the following recipient(s):

                        anna@example.org on Mon, 2 Nov 2026 10:00:00 +0100
                            The mailbox is full
                        """);
        assertThat(found.recipient()).contains("anna@example.org");
        assertThat(found.bounceClass()).isEqualTo(BounceClass.MAILBOX_FULL);
        assertThat(found.hard()).isFalse();
    }

    @Test
    void unknownUserAfterTheDataIsAFilterAndNotTheAddressFault() {
        String mail =
                """
                From: MAILER-DAEMON@mx.example
                Subject: Returned mail

                <anna@example.org>: host mx.example.org said: 550 User unknown (in reply to %s
                    command)
                """;
        assertThat(one(mail.formatted("end of DATA")).hard()).isFalse();
        assertThat(one(mail.formatted("RCPT TO")).hard()).isTrue();
    }

    @Test
    void complaintsNameTheRecipientAndTheMail() {
        InboundReport report =
                read(
                        """
                        From: feedback@provider.example
                        Subject: FW: Offer
                        Content-Type: multipart/report; report-type=feedback-report; boundary=b

                        --b
                        Content-Type: text/plain

                        An abuse report.
                        --b
                        Content-Type: message/feedback-report

                        Feedback-Type: abuse
                        Version: 1
                        Original-Rcpt-To: <anna@provider.example>
                        --b
                        Content-Type: message/rfc822

                        Message-ID: <9@sender.example>
                        To: undisclosed

                        --b--
                        """);
        assertThat(report.originalMessageId()).contains("<9@sender.example>");
        assertThat(report.recipients())
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.kind()).isEqualTo(ReportKind.COMPLAINT);
                    assertThat(each.recipient()).contains("anna@provider.example");
                });
    }

    @Test
    void answersByProgramsAreToldFromBounces() {
        assertThat(
                        one(
                                """
                                From: Anna <anna@example.org>
                                Auto-Submitted: auto-replied
                                Subject: Away

                                My mailbox is full of mail, since I am away until Monday.
                                """))
                .extracting(ReportedRecipient::kind, ReportedRecipient::bounceClass)
                .containsExactly(ReportKind.AUTOREPLY, BounceClass.AUTOREPLY);
        assertThat(
                        one("""
                        Return-Path: <>
                        From: anna@example.org
                        Subject: =?utf-8?Q?R=C3=A9ponse_automatique=3A?= Offre

                        De retour lundi.
                        """)
                                .kind())
                .isEqualTo(ReportKind.AUTOREPLY);
    }

    @Test
    void peopleWhoTalkOfBouncesSendNone() {
        assertThat(
                        read("""
                        From: Anna <anna@example.org>
                        To: support@sender.example
                        Subject: Re: undeliverable mail
                        In-Reply-To: <1@sender.example>

                        Hello, my colleague bob@example.org says that mail to him could not be
                        delivered: 550 5.1.1 user unknown. Could you look?
                        """)
                                .recipients())
                .isEmpty();
    }

    @Test
    void aBoundaryThatNeverComesHidesNothing() {
        assertThat(
                        one("""
                        From: MAILER-DAEMON@mx.example
                        Content-Type: multipart/report; report-type=delivery-status; boundary="one"

                        --another
                        Content-Type: message/delivery-status

                        Final-Recipient: rfc822; anna@example.org
                        Action: failed
                        Status: 5.7.26
                        --another--
                        """)
                                .bounceClass())
                .isEqualTo(BounceClass.AUTH);
    }

    @Test
    void nothingIsNothing() {
        assertThat(reader.read(new byte[0]).recipients()).isEmpty();
        assertThat(read("\n\n\n").recipients()).isEmpty();
    }

    private InboundReport read(String mail) {
        return reader.read(mail.getBytes(StandardCharsets.UTF_8));
    }

    private ReportedRecipient one(String mail) {
        assertThat(read(mail).recipients()).hasSize(1);
        return read(mail).recipients().getFirst();
    }
}
