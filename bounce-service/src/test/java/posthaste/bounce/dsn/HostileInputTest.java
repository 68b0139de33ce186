package posthaste.bounce.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static posthaste.bounce.dsn.Notices.asking;
import static posthaste.bounce.dsn.Notices.envelope;
import static posthaste.bounce.dsn.Notices.failed;
import static posthaste.bounce.dsn.Notices.notice;
import static posthaste.bounce.dsn.Notices.ordinary;
import static posthaste.bounce.dsn.Notices.recipient;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.body.StoredBody;
import posthaste.mail.envelope.Ret;
import posthaste.mail.record.Notice;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/** Nothing that others wrote adds a field, a part or a line to a notification. */
class HostileInputTest {
    private static final byte[] SMALL =
            "Subject: x\r\n\r\ny\r\n".getBytes(StandardCharsets.US_ASCII);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no\r\nAction: delivered",
                "no\r\n\r\nFinal-Recipient: rfc822; victim@example.org\r\nAction: failed",
                "no\n\n--=_",
                "no\rBcc: x@example.org",
                "no\u2028Action: delivered\u0085\u2029Status: 2.0.0",
                "no\u0000\u001b[2J\u0007\u202e",
                "<script>alert(1)</script><img src=x>",
                "=?utf-8?q?=0d=0aBcc:_x@example.org?=",
            })
    void noQuotedTextAddsAnything(String hostile) {
        Notice.Entry entry =
                new Notice.Entry(
                        0,
                        Notice.Action.FAILED,
                        new EnhancedStatusCode(5, 0, 0),
                        Optional.of(new Reply(550, hostile)),
                        hostile,
                        "mx.example" + hostile,
                        Optional.empty());
        Notice notice =
                notice(
                        asking(
                                envelope(recipient("bob@remote.example", "", "rfc822;" + hostile)),
                                Ret.HDRS,
                                hostile),
                        entry);
        Composed composed = Composed.of(notice, SMALL);
        assertThat(composed.mail().parts()).hasSize(3);
        assertThat(composed.report().blocks()).hasSize(2);
        assertThat(composed.aboutMessage().keySet())
                .containsExactly("original-envelope-id", "reporting-mta", "arrival-date");
        assertThat(composed.about(0).keySet())
                .containsExactly(
                        "original-recipient",
                        "final-recipient",
                        "action",
                        "status",
                        "remote-mta",
                        "diagnostic-code",
                        "last-attempt-date");
        assertThat(composed.about(0))
                .containsEntry("action", "failed")
                .containsEntry("status", "5.0.0")
                .containsEntry("final-recipient", "rfc822; bob@remote.example");
        assertThat(composed.explanation().field("Content-Type")).startsWith("text/plain;");
        assertThat(composed.explanation().text())
                .doesNotContain("\u001b", "\u202e", "\u2028", "\u0085")
                .doesNotContainPattern("(?m)^(Action|Final-Recipient|Bcc|--)");
    }

    @Test
    void aReplyOfAMegabyteIsCut() {
        Composed composed =
                Composed.of(
                        notice(
                                envelope(recipient("bob@remote.example")),
                                failed(0, new Reply(550, "5.1.1 " + "x".repeat(1 << 20)))),
                        SMALL);
        assertThat(composed.octets().length).isLessThan(8000);
        assertThat(composed.about(0).get("diagnostic-code")).startsWith("smtp; 550 5.1.1 xxx");
    }

    @Test
    void aReasonAndAHostNameOfAMegabyteAreCut() {
        Notice.Entry entry =
                new Notice.Entry(
                        0,
                        Notice.Action.FAILED,
                        new EnhancedStatusCode(5, 0, 0),
                        Optional.empty(),
                        "\u4e2d".repeat(1 << 20),
                        "h".repeat(1 << 20),
                        Optional.empty());
        Composed composed =
                Composed.of(notice(envelope(recipient("bob@remote.example")), entry), SMALL);
        assertThat(composed.octets().length).isLessThan(64 << 10);
    }

    @Test
    void anOrcptThatIsNoneIsLeftOut() {
        for (String orcpt : new String[] {"no type", ";x", "bad type;x", "rfc822;", "a\r\nb;x"}) {
            Notice notice = notice(envelope(recipient("bob@remote.example", "", orcpt)), failed(0));
            assertThat(Composed.of(notice, SMALL).about(0)).doesNotContainKey("original-recipient");
        }
    }

    @Test
    void embeddedLineEndsInAnOrcptStayInert() {
        Notice notice =
                notice(
                        envelope(
                                recipient(
                                        "bob@remote.example",
                                        "",
                                        "utf-8;a\\x{D}\\x{A}Action: x\\x{110000}\\x{999999}@b")),
                        failed(0));
        Map<String, String> about = Composed.of(notice, SMALL).about(0);
        assertThat(about)
                .containsEntry("action", "failed")
                .hasEntrySatisfying(
                        "original-recipient", v -> assertThat(v).startsWith("utf-8; a"));
    }

    @Test
    void aMessageIdThatIsNoneIsNotReferredTo() {
        for (String id : new String[] {"<a@b>\r\nBcc: x", "nothing", "<a b@c>", "<\u00e9@b>"}) {
            Notice notice =
                    ordinary(e ->
                            new posthaste.mail.envelope.Envelope(
                                    e.id(),
                                    e.stream(),
                                    e.reversePath(),
                                    e.recipients(),
                                    e.ret(),
                                    e.envid(),
                                    e.bodyType(),
                                    e.smtpUtf8(),
                                    e.client(),
                                    Optional.of(id)));
            assertThat(Composed.of(notice, SMALL).mail().fields())
                    .doesNotContainKeys("in-reply-to", "references", "bcc");
        }
    }

    @Test
    void aHeaderSectionWithoutEndIsCutAtALine() {
        byte[] message =
                ("X-Filler: " + "y".repeat(60) + "\r\n")
                        .repeat(100_000)
                        .getBytes(StandardCharsets.US_ASCII);
        Composed composed = Composed.of(ordinary(), message);
        byte[] returned = composed.attached().content();
        assertThat(returned.length).isBetween((64 << 10) - 80, 64 << 10);
        assertThat(new String(returned, StandardCharsets.US_ASCII)).endsWith("y\r\n");
        assertThat(composed.explanation().text())
                .contains("The beginning of its header section is attached.");
    }

    @Test
    void aLineOfTenMegabytesIsCutAndEncoded() {
        byte[] message = new byte[10 << 20];
        Arrays.fill(message, (byte) 'x');
        for (Ret ret : Ret.values()) {
            Composed composed = Composed.of(ordinary(e -> asking(e, ret, "")), message);
            assertThat(composed.attached().field("Content-Type")).isEqualTo("text/rfc822-headers");
            assertThat(composed.attached().content()).hasSize(64 << 10).containsOnly('x');
        }
    }

    @Test
    void nothingBehindTheHeaderSectionIsRead() throws IOException {
        StoredBody endless =
                new StoredBody() {
                    @Override
                    public long length() {
                        return Long.MAX_VALUE;
                    }

                    @Override
                    public void writeTo(OutputStream out) throws IOException {
                        out.write(SMALL);
                        while (true) {
                            out.write("more\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                    }

                    @Override
                    public void close() {}
                };
        assertThat(Returned.from(endless, true, Composed.LIMITS))
                .isInstanceOfSatisfying(
                        Returned.HeaderSection.class,
                        header -> {
                            assertThat(header.octets()).asString().isEqualTo("Subject: x\r\n");
                            assertThat(header.cut()).isFalse();
                        });
    }

    @Test
    void eightBitHeadersAreEncodedAndTheirCharsetIsNotMadeUp() {
        Composed latin1 =
                Composed.of(
                        ordinary(),
                        "Subject: gr\u00fc\u00dfe\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(latin1.attached().field("Content-Type"))
                .isEqualTo("text/rfc822-headers; charset=unknown-8bit");
        assertThat(latin1.attached().content())
                .asString(StandardCharsets.ISO_8859_1)
                .isEqualTo("Subject: gr\u00fc\u00dfe\r\n");
        assertThat(latin1.mail().isSevenBit()).isTrue();

        Composed utf8 =
                Composed.of(
                        ordinary(),
                        "Subject: gr\u00fc\u00dfe\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(utf8.attached().field("Content-Type"))
                .isEqualTo("text/rfc822-headers; charset=utf-8");
        assertThat(utf8.attached().text()).isEqualTo("Subject: gr\u00fc\u00dfe\r\n");
        assertThat(utf8.mail().isSevenBit()).isTrue();
    }

    @Test
    void aMessageThatCannotStandInAMailIsReturnedAsItsHeader() {
        for (String body :
                new String[] {"bare\ncr", "bare\rlf", "ends with \r", "nul\0", "x".repeat(999)}) {
            byte[] message = ("Subject: x\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
            ParsedMail attached =
                    Composed.of(ordinary(e -> asking(e, Ret.FULL, "")), message).attached();
            assertThat(attached.field("Content-Type")).isEqualTo("text/rfc822-headers");
            assertThat(attached.text()).isEqualTo("Subject: x\r\n");
        }
    }

    @Test
    void aLineOfExactly998OctetsIsNotTooLong() {
        byte[] message =
                ("Subject: x\r\n\r\n" + "y".repeat(998) + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        assertThat(
                        Composed.of(ordinary(e -> asking(e, Ret.FULL, "")), message)
                                .attached()
                                .content())
                .isEqualTo(message);
    }

    @Test
    void aMessageWithoutHeaderSectionHasNothingToReturn() {
        for (String message : new String[] {"", "\r\n", "\r\nbody only\r\n"}) {
            Composed composed =
                    Composed.of(ordinary(), message.getBytes(StandardCharsets.US_ASCII));
            assertThat(composed.mail().parts()).hasSize(2);
            assertThat(composed.explanation().text())
                    .contains("It has no header section that could be attached.");
        }
    }

    @Test
    void aMessageThatHoldsADelimiterDoesNotEndTheReport() throws IOException {
        Composed plain = Composed.of(ordinary(e -> asking(e, Ret.FULL, "")), SMALL);
        String type = plain.mail().field("Content-Type");
        assertThat(type).contains(plain.dsn().envelope().id().value());
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(
                "Subject: x\r\n\r\n--=_guess--\r\n--=_\r\n".getBytes(StandardCharsets.US_ASCII));
        Composed composed =
                Composed.of(ordinary(e -> asking(e, Ret.FULL, "")), message.toByteArray());
        assertThat(composed.mail().parts()).hasSize(3);
        assertThat(composed.attached().content()).isEqualTo(message.toByteArray());
    }

    @Test
    void aNestedNotificationCannotBeMadeToEndTheOuterOne() {
        // The sender has our first DSN and sends it on to someone who fails: other id, other
        // delimiter.
        Composed first = Composed.of(ordinary(e -> asking(e, Ret.FULL, "")), SMALL);
        Notice second =
                notice(
                        asking(
                                envelope(
                                        recipient("carol@remote.example"),
                                        recipient("d@e.example")),
                                Ret.FULL,
                                ""),
                        Notices.entry(1, Notice.Action.EXPIRED));
        Composed outer = Composed.of(second, first.octets());
        assertThat(outer.mail().parts()).hasSize(3);
        assertThat(outer.attached().content()).isEqualTo(first.octets());
    }
}
