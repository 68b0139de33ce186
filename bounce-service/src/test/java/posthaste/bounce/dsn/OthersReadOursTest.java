package posthaste.bounce.dsn;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static posthaste.bounce.dsn.Notices.MESSAGE;
import static posthaste.bounce.dsn.Notices.asking;
import static posthaste.bounce.dsn.Notices.entry;
import static posthaste.bounce.dsn.Notices.envelope;
import static posthaste.bounce.dsn.Notices.failed;
import static posthaste.bounce.dsn.Notices.international;
import static posthaste.bounce.dsn.Notices.notice;
import static posthaste.bounce.dsn.Notices.recipient;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.mail.envelope.Ret;
import posthaste.mail.record.Notice;
import posthaste.mail.status.Reply;
import posthaste.testing.Requires;

/** Programs that others wrote for reading notifications understand ours. */
class OthersReadOursTest {
    private static final String PYTHON =
            """
            import email, email.policy, sys
            m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
            assert not m.defects, m.defects
            print('type', m.get_content_type(), m.get_param('report-type'))
            for part in m.iter_parts():
                assert not part.defects, part.defects
                print('part', part.get_content_type(), part['content-transfer-encoding'])
                if part.get_content_type() == 'message/delivery-status':
                    for block in part.get_payload():
                        assert not block.defects, block.defects
                        for name, value in block.items():
                            print(name + '=' + value)
                if part.get_content_type() == 'message/rfc822':
                    print('returned', part.get_content()['subject'])
            """;

    private static final String SISIMAI =
            """
            use Sisimai;
            binmode(STDOUT, ':utf8');
            my $found = Sisimai->make($ARGV[0], delivered => 1);
            exit 3 unless $found;
            for my $one (@$found) {
                print join('|', $one->recipient->address, $one->addresser->address, $one->action,
                           $one->deliverystatus, $one->replycode, $one->reason), "\\n";
            }
            """;

    private static final Notice TWO =
            notice(
                    asking(
                            envelope(
                                    recipient(
                                            "bob@remote.example",
                                            "FAILURE",
                                            "rfc822;robert@origin.example"),
                                    recipient("carol@remote.example")),
                            Ret.FULL,
                            "order 4711"),
                    failed(0, new Reply(550, "5.1.1 <bob@remote.example>: user unknown")),
                    failed(1, new Reply(552, "5.2.2 mailbox full " + "x".repeat(400))));

    @Test
    void pythonReadsAFailureWithoutADefect() throws Exception {
        assertThat(python(Composed.of(TWO, MESSAGE)))
                .contains(
                        "type multipart/report delivery-status",
                        "part text/plain 7bit",
                        "part message/delivery-status 7bit",
                        "Original-Envelope-Id=order 4711",
                        "Reporting-MTA=dns; mx.posthaste.example",
                        "Original-Recipient=rfc822; robert@origin.example",
                        "Final-Recipient=rfc822; bob@remote.example",
                        "Final-Recipient=rfc822; carol@remote.example",
                        "Diagnostic-Code=smtp; 550 5.1.1 <bob@remote.example>: user unknown",
                        "part message/rfc822 7bit",
                        "returned A plain message");
    }

    @Test
    void pythonReadsEveryKindWithoutADefect() throws Exception {
        for (Notice.Action action : Notice.Action.values()) {
            Notice notice =
                    notice(
                            envelope(recipient("bob@remote.example", "SUCCESS,FAILURE,DELAY", "")),
                            entry(0, action));
            assertThat(python(Composed.of(notice, MESSAGE))).contains("Action=");
        }
    }

    @Test
    void pythonReadsAnInternationalOneWithoutADefect() throws Exception {
        byte[] message = "Subject: gr\u00fc\u00dfe\r\n\r\nx\r\n".getBytes(StandardCharsets.UTF_8);
        Notice notice =
                notice(international(envelope(recipient("b\u00f6b@remote.example"))), failed(0));
        assertThat(python(Composed.of(notice, message)))
                .contains(
                        "type multipart/report global-delivery-status",
                        "part message/global-delivery-status quoted-printable",
                        "part message/global-headers quoted-printable");
    }

    @Test
    void sisimaiClassifiesOurFailures(@TempDir Path folder) throws Exception {
        Path perl = Requires.program("perl");
        Requires.that(
                Program.succeeds(List.of(perl.toString(), "-MSisimai", "-e", "1")),
                "Perl's Sisimai is not installed");
        Path mail = folder.resolve("dsn.eml");
        Files.write(mail, Composed.of(TWO, MESSAGE).octets());
        assertThat(
                        Program.over(
                                new byte[0],
                                List.of(perl.toString(), "-e", SISIMAI, mail.toString())))
                .contains(
                        "bob@remote.example|alice@sender.example|failed|5.1.1|550|userunknown",
                        "carol@remote.example|alice@sender.example|failed|5.2.2|552|mailboxfull");
    }

    /** What is for people is in their language; what is for programs is not. */
    @ParameterizedTest
    @ValueSource(strings = {"de", "es", "fr", "ja"})
    void theyUnderstandOursInEveryLanguage(String language, @TempDir Path folder) throws Exception {
        byte[] message =
                ("Accept-Language: " + language + "\r\n" + new String(MESSAGE, US_ASCII))
                        .getBytes(US_ASCII);
        Composed composed = Composed.of(TWO, message);
        assertThat(composed.explanation().field("Content-Language")).isEqualTo(language);
        assertThat(python(composed)).contains("Final-Recipient=rfc822; bob@remote.example");
        Path perl = Requires.program("perl");
        Requires.that(
                Program.succeeds(List.of(perl.toString(), "-MSisimai", "-e", "1")),
                "Perl's Sisimai is not installed");
        Path mail = folder.resolve("dsn.eml");
        Files.write(mail, composed.octets());
        assertThat(
                        Program.over(
                                new byte[0],
                                List.of(perl.toString(), "-e", SISIMAI, mail.toString())))
                .contains(
                        "bob@remote.example|alice@sender.example|failed|5.1.1|550|userunknown",
                        "carol@remote.example|alice@sender.example|failed|5.2.2|552|mailboxfull");
    }

    private static String python(Composed composed) throws Exception {
        return Program.over(
                composed.octets(), List.of(Requires.program("python3").toString(), "-c", PYTHON));
    }
}
