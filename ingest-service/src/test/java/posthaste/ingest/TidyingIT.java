package posthaste.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import posthaste.ingest.accept.Tidying;
import posthaste.ingest.dkim.KeyRing;
import posthaste.mail.status.Reply;
import posthaste.testing.Requires;
import posthaste.testing.SmtpDialogue;

/** RFC 6409 section 8: what is lacking is added above, all else stays. */
class TidyingIT {
    private static final Tidying.Rules ALL = new Tidying.Rules(true, true, true);
    private static final Tidying.Rules ADDING = new Tidying.Rules(true, true, false);
    private static final String DATE = "Date: Sun, 22 Nov 2026 08:30:00 +0000\r\n";

    @Test
    void missingDateAndMessageIdAreAddedAndOthersKept() {
        try (ListenerUnderTest ingest = ListenerUnderTest.submission(ADDING, KeyRing::empty)) {
            ListenerUnderTest.Accepted both = submitted(ingest, "Subject: x\r\n\r\nhello\r\n");
            String id = "<" + both.envelope().id() + "@mx.posthaste.test>";
            assertThat(both.envelope().addedFields())
                    .isEqualTo(DATE + "Message-ID: " + id + "\r\n");
            assertThat(both.envelope().messageId()).contains(id);

            assertThat(added(ingest, "DATE: yesterday\r\n\r\n")).startsWith("Message-ID: <");
            assertThat(added(ingest, "message-id:\r\n <a@b>\r\n\r\n")).isEqualTo(DATE);
            assertThat(added(ingest, "Date:\r\nMessage-ID: x\r\n\r\n")).isEmpty();
            assertThat(added(ingest, "Subject: x\r\n\r\nDate: in the body\r\n"))
                    .startsWith(DATE)
                    .contains("Message-ID");
            assertThat(added(ingest, "no field\r\n")).startsWith(DATE);
        }
    }

    @Test
    void mailOfOtherServersIsLeftAlone() {
        try (ListenerUnderTest ingest = ListenerUnderTest.start();
                SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            client.send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<x@y.example>").expect(250);
            client.send("DATA").expect(354);
            client.sendMessage("Bcc: z@y.example\r\n\r\nhello\r\n".getBytes(ISO_8859_1))
                    .expect(250);
            assertThat(ingest.accepted().getFirst().envelope().addedFields()).isEmpty();
            assertThat(ingest.accepted().getFirst().message())
                    .isEqualTo("Bcc: z@y.example\r\n\r\nhello\r\n");
        }
    }

    @Test
    void overSmtpAListenerOfProfileSubmissionTidies() {
        try (ListenerUnderTest ingest = ListenerUnderTest.submission(ALL, KeyRing::empty);
                SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            client.send("MAIL FROM:<a@b.example>").expect(250);
            client.send("RCPT TO:<x@y.example>").expect(250);
            client.send("DATA").expect(354);
            client.sendMessage("Bcc: z@y.example\r\nA: b\r\n\r\nhello\r\n".getBytes(ISO_8859_1))
                    .expect(250);
            assertThat(ingest.accepted().getFirst().message()).isEqualTo("A: b\r\n\r\nhello\r\n");
            assertThat(ingest.accepted().getFirst().envelope().addedFields()).startsWith(DATE);
        }
    }

    @Test
    void foldedBccFieldsGoWholeAndOnlyWhenAsked() {
        String message =
                String.join(
                        "\r\n",
                        "Bcc: a@b.example,",
                        "\tc@d.example",
                        "To: x@y.example",
                        "BCC:",
                        " e@f.example",
                        "Resent-Bcc: g@h.example",
                        "",
                        "Bcc: in the body",
                        "");
        try (ListenerUnderTest ingest = ListenerUnderTest.submission(ALL, KeyRing::empty)) {
            assertThat(submitted(ingest, message).message())
                    .isEqualTo(
                            "To: x@y.example\r\nResent-Bcc: g@h.example\r\n\r\nBcc: in the body\r\n");
            assertThat(submitted(ingest, "Bcc: a@b.example\r\n\r\n").message()).isEqualTo("\r\n");
        }
        try (ListenerUnderTest ingest = ListenerUnderTest.submission(ADDING, KeyRing::empty)) {
            assertThat(submitted(ingest, message).message()).isEqualTo(message);
        }
    }

    @Test
    void everythingElseOfEveryMailIsOctetForOctetWhatWasSubmitted() throws IOException {
        Pattern bcc = Pattern.compile("(?i)(?<=\r\n|^)Bcc[ \t]*:[^\r]*\r\n(?:[ \t][^\r]*\r\n)*");
        List<String> mails = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Requires.sharedCorpus("messages"))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String text = new String(Files.readAllBytes(file), ISO_8859_1);
                mails.add(text.replaceAll("\r\n|\r|\n", "\r\n"));
            }
        }
        int without = 0;
        try (ListenerUnderTest ingest = ListenerUnderTest.submission(ALL, KeyRing::empty)) {
            for (String mail : mails) {
                String header = mail.split("\r\n\r\n", 2)[0] + "\r\n";
                ListenerUnderTest.Accepted accepted = submitted(ingest, mail);
                if (bcc.matcher(header).find()) {
                    without++;
                    assertThat(accepted.message())
                            .isEqualTo(
                                    bcc.matcher(header).replaceAll("")
                                            + mail.substring(header.length()));
                } else {
                    assertThat(accepted.message()).isEqualTo(mail);
                }
            }
        }
        assertThat(mails).hasSizeGreaterThan(150);
        assertThat(without).as("mails with Bcc").isLessThan(mails.size() / 2);
    }

    private static String added(ListenerUnderTest ingest, String message) {
        return submitted(ingest, message).envelope().addedFields();
    }

    private static ListenerUnderTest.Accepted submitted(ListenerUnderTest ingest, String message) {
        Reply reply = ingest.accept(message.getBytes(ISO_8859_1));
        assertThat(reply.code()).as(reply.toString()).isEqualTo(250);
        return ingest.of(reply);
    }
}
