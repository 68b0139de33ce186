package posthaste.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.ingest.message.MessageHeader;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.mail.status.Reply;
import posthaste.testing.SmtpDialogue;

/** The header as policies see it, through the real listener. */
class MessageHeaderIT {
    /** Lets no mail of this subject in, and says to how many it was to go. */
    private static final SubmissionPolicy NO_ADVERTISING =
            new SubmissionPolicy() {
                @Override
                public Optional<Reply> header(Submission mail, MessageHeader header) {
                    return header.first("subject")
                            .filter(field -> field.value().equals("buy now"))
                            .map(_ -> new Reply(550, "5.7.1 no, not " + mail.recipients().size()));
                }
            };

    @Test
    void aPolicyRefusesByTheHeaderAndTheSessionGoesOnInStep() {
        try (ListenerUnderTest ingest = ListenerUnderTest.start(NO_ADVERTISING);
                SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            assertThat(sendMail(client, "Subject: buy\r\n now\r\n\r\n" + "QUIT\r\n".repeat(5000)))
                    .hasToString("550 5.7.1 no, not 2");
            assertThat(sendMail(client, "Subject: other\r\n\r\nbuy now\r\n").code()).isEqualTo(250);

            assertThat(ingest.accepted())
                    .singleElement()
                    .satisfies(mail ->
                            assertThat(mail.message())
                                    .isEqualTo("Subject: other\r\n\r\nbuy now\r\n"));
            assertThat(ingest.budget.used())
                    .as("memory held after the replies")
                    .isEqualTo(ingest.bodies.statistics().cachedBytes());
        }
    }

    @Test
    void whateverTheHeaderIsTheOctetsBelowOurFieldAreThoseThatCame() {
        List<String> messages =
                List.of(
                        "no field\r\n\r\nbody\r\n",
                        " folded into nothing\r\nSubject: x\r\n\r\n",
                        "\r\nbody alone\r\n",
                        "Subject: header alone\r\n",
                        "",
                        "Subject : x\r\nbroken\r\n\r\nbody\r\n",
                        ": x\r\n\r\nbody\r\n",
                        "Subject: \u00e4\r\n\t\u00ff\r\n \r\n\r\n\r\n\r\n");
        try (ListenerUnderTest ingest = ListenerUnderTest.start();
                SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            messages.forEach(
                    message -> assertThat(sendMail(client, message).code()).isEqualTo(250));
            assertThat(ingest.accepted())
                    .extracting(ListenerUnderTest.Accepted::message)
                    .containsExactlyInAnyOrderElementsOf(messages);
        }
    }

    private static SmtpDialogue.Reply sendMail(SmtpDialogue client, String message) {
        client.send("MAIL FROM:<a@b.example> BODY=8BITMIME").expect(250);
        client.send("RCPT TO:<x@y.example>").expect(250);
        client.send("RCPT TO:<z@y.example>").expect(250);
        client.send("DATA").expect(354);
        return client.sendMessage(message.getBytes(ISO_8859_1)).reply();
    }
}
