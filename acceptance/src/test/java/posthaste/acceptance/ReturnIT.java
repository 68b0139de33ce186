package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SmtpDialogue;
import posthaste.testing.Transaction;
import tools.jackson.databind.JsonNode;

/**
 * What comes back after a delivery, through the whole: Posthaste relays to Debian's Postfix, which
 * takes everything, hands it to a server of the recipients, and bounces what that refuses to our
 * return addresses.
 */
class ReturnIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String SENDER = "app@sender.test";
    private static final String LOOP = "fbl@bounces.test";

    @TempDir static Path temp;
    private static ScriptedSmtpPeer mailboxes;
    private static PrivatePostfix postfix;
    private static RunningPosthaste posthaste;

    @BeforeAll
    static void start() throws IOException {
        mailboxes = ScriptedSmtpPeer.start();
        RunningPosthaste.Plan plan =
                RunningPosthaste.on(temp.resolve("data"))
                        .environment("POSTHASTE_VERP_KEY", "a secret of the acceptance tests")
                        .with("posthaste.verp.domain", "bounces.test")
                        .with("posthaste.inbound.complaints", LOOP);
        postfix =
                PrivatePostfix.start(
                        Files.createDirectory(temp.resolve("postfix")),
                        Map.of(
                                "relayhost",
                                "[127.0.0.1]:" + mailboxes.port(),
                                "transport_maps",
                                "inline:{bounces.test=smtp:[127.0.0.1]:" + plan.smtpPort() + "}"));
        posthaste = plan.relayingTo("127.0.0.1:" + postfix.port()).start();
    }

    @AfterAll
    static void stop() {
        posthaste.close();
        postfix.close();
        mailboxes.close();
    }

    @Test
    void aBounceThatComesLaterIsToldSuppressesAndReachesTheSender() throws Exception {
        mailboxes.onRcpt("gone@remote.test").reply("550 5.1.1 no such user");
        String id = accepted("gone@remote.test");

        assertThat(awaited(id, "returned").path("reply").asString()).contains("no such user");
        assertThat(posthaste.rest().finals(id)).containsEntry("gone@remote.test", "delivered");
        Transaction bounce = arrivedFor(SENDER, "gone@remote.test");
        assertThat(bounce.reversePath()).isEmpty();
        assertThat(bounce.messageText())
                .contains("Undelivered Mail Returned to Sender")
                .contains("Action: failed");
        await().atMost(SOON).until(() -> replyTo("gone@remote.test").startsWith("550 5.7.1"));
    }

    @Test
    void aComplaintIsToldAndSuppresses() throws Exception {
        String id = accepted("annoyed@remote.test");
        Transaction mail = arrivedFor("annoyed@remote.test", id);
        String report =
                """
                From: loop@provider.test
                Subject: complaint
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=feedback-report; boundary="b"

                --b
                Content-Type: text/plain

                This is an email abuse report.

                --b
                Content-Type: message/feedback-report

                Feedback-Type: abuse
                User-Agent: Loop/1.0
                Version: 1
                Original-Rcpt-To: annoyed@remote.test

                --b
                Content-Type: message/rfc822

                """
                                .replace("\n", "\r\n")
                        + mail.messageText()
                        + "\r\n--b--\r\n";

        assertThat(send("loop@provider.test", LOOP, report)).startsWith("250");

        awaited(id, "complained");
        await().atMost(SOON).until(() -> replyTo("annoyed@remote.test").startsWith("550 5.7.1"));
    }

    @Test
    void noReturnAddressCanBeMadeUp() throws Exception {
        String id = accepted("fine@remote.test");
        String address = arrivedFor("fine@remote.test", id).reversePath();
        int at = address.indexOf('@');
        String forged =
                address.substring(0, at - 1)
                        + (address.charAt(at - 1) == 'z' ? 'y' : 'z')
                        + address.substring(at);
        try (SmtpDialogue client = SmtpDialogue.greet(posthaste.smtpPort())) {
            client.send("MAIL FROM:<>").expect(250);
            client.send("RCPT TO:<" + forged + ">").expect(550, "5.1.1");
        }
        assertThat(posthaste.rest().kinds(id)).doesNotContain("returned");
        assertThat(replyTo("fine@remote.test")).startsWith("250");
    }

    /** No loss, and one event however often it is read. */
    @Test
    void aReportSurvivesTheEndOfTheProcessThatAcceptedIt() throws Exception {
        String id = accepted("killed@remote.test");
        String address = arrivedFor("killed@remote.test", id).reversePath();
        String report =
                """
                From: MAILER-DAEMON@remote.test
                Subject: Undeliverable mail

                <killed@remote.test>: 550 5.1.1 no such user
                """
                        .replace("\n", "\r\n");

        assertThat(send("", address, report)).startsWith("250");
        posthaste.kill();
        posthaste.restart();

        awaited(id, "returned");
        arrivedFor(SENDER, "killed@remote.test");
        assertThat(posthaste.rest().kinds(id)).containsOnlyOnce("returned");
        JsonNode audit = posthaste.rest().audit();
        assertThat(audit.path("unaccounted").asInt()).isZero();
    }

    private static String accepted(String recipient) {
        String reply = send(SENDER, recipient, "Message-ID: <" + recipient + ">\r\n\r\nhello\r\n");
        assertThat(reply).startsWith("250 2.0.0 queued as ");
        return reply.substring(reply.lastIndexOf(' ') + 1);
    }

    private static String send(String from, String to, String message) {
        try (SmtpDialogue client = SmtpDialogue.greet(posthaste.smtpPort())) {
            return client.mail(from, List.of(to), message.getBytes(US_ASCII)).toString();
        }
    }

    private static String replyTo(String recipient) {
        try (SmtpDialogue client = SmtpDialogue.greet(posthaste.smtpPort())) {
            client.send("MAIL FROM:<" + SENDER + ">").expect(250);
            return client.send("RCPT TO:<" + recipient + ">").reply().toString();
        }
    }

    /** The event of this kind, once the log has it. */
    private static JsonNode awaited(String id, String kind) {
        await().atMost(SOON).until(() -> posthaste.rest().kinds(id).contains(kind));
        for (JsonNode event : posthaste.rest().message(id).path("events")) {
            if (event.path("kind").asString().equals(kind)) {
                return event;
            }
        }
        throw new AssertionError("the event was there a moment ago");
    }

    private static Transaction arrivedFor(String recipient, String text) {
        await().atMost(SOON).until(() -> mailFor(recipient, text).size() > 0);
        return mailFor(recipient, text).getFirst();
    }

    private static List<Transaction> mailFor(String recipient, String text) {
        return mailboxes.accepted().stream()
                .filter(mail -> mail.recipients().contains(recipient))
                .filter(mail -> mail.messageText().contains(text))
                .toList();
    }
}
