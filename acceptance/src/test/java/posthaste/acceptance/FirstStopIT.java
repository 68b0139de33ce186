package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.FreePort;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SmtpDialogue;
import posthaste.testing.Transaction;
import tools.jackson.databind.JsonNode;

/** Mail that is not to be tried at once: from another relay, or held by its sender's wish. */
class FirstStopIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final byte[] MESSAGE = "Subject: later\r\n\r\nhello\r\n".getBytes(UTF_8);
    private static final InstantSource CLOCK = InstantSource.system();
    private static final int FALLBACK_PORT = FreePort.tcp();
    private static final int SUBMISSION_PORT = FreePort.tcp();

    @TempDir static Path temp;
    private static ScriptedSmtpPeer peer;
    private static RunningPosthaste posthaste;

    @BeforeAll
    static void start() {
        peer = ScriptedSmtpPeer.start();
        posthaste =
                RunningPosthaste.on(temp.resolve("data"))
                        .relayingTo(peer.hostAndPort())
                        .with("posthaste.retry.tiers", "1s,2s")
                        .with("posthaste.smtp.listeners.last-resort.port", FALLBACK_PORT)
                        .with("posthaste.smtp.listeners.last-resort.profile", "fallback")
                        .with("posthaste.smtp.listeners.users.port", SUBMISSION_PORT)
                        .with("posthaste.smtp.listeners.users.profile", "submission")
                        .start();
    }

    @AfterAll
    static void stop() {
        posthaste.close();
        peer.close();
    }

    @Test
    void whatPostfixCannotDeliverItHandsOverAndNobodyTriesItAtOnce() throws Exception {
        Map<String, String> settings =
                Map.of(
                        "relayhost", "[127.0.0.1]:" + FreePort.tcp(),
                        "smtp_fallback_relay", "[127.0.0.1]:" + FALLBACK_PORT);
        try (PrivatePostfix postfix =
                        PrivatePostfix.start(
                                Files.createDirectory(temp.resolve("postfix")), settings);
                SmtpDialogue client = SmtpDialogue.greet(postfix.port())) {
            assertThat(client.mail("ada@sender.test", List.of("bob@down.test"), MESSAGE).code())
                    .isEqualTo(250);

            Transaction mail = arrivedFor("bob@down.test");
            assertThat(mail.messageText())
                    .contains("by postfix.test (Postfix)")
                    .endsWith("\r\n\r\nhello\r\n");
            assertThat(postfix.log()).contains("status=sent (250 2.0.0 queued as");
        }
        assertStory("bob@down.test", "given to fallback at once", 1);
    }

    @Test
    void mailIsHeldUntilTheTimeThatItsSenderNamed() throws Exception {
        Instant until = CLOCK.instant().plusSeconds(5);
        try (SmtpDialogue client = SmtpDialogue.greet(SUBMISSION_PORT)) {
            client.send("MAIL FROM:<ada@sender.test> HOLDFOR=5").expect(250);
            client.send("RCPT TO:<bob@held.test>").expect(250);
            client.send("DATA").expect(354);
            client.sendMessage(MESSAGE).expect(250);
        }

        arrivedFor("bob@held.test");
        assertThat(CLOCK.instant()).isAfter(until);
        assertStory("bob@held.test", "held until ", 2);
    }

    /** So many waits, for this reason, and then the first attempt. */
    private static void assertStory(String recipient, String reason, int leastWaits) {
        await().atMost(SOON).until(() -> story(recipient).toString().contains("delivered"));
        JsonNode events = story(recipient).path("events");
        int last = events.size() - 1;
        assertThat(last).isGreaterThanOrEqualTo(leastWaits);
        for (int i = 0; i < last; i++) {
            assertThat(events.get(i).path("kind").asString()).isEqualTo("deferred");
            assertThat(events.get(i).toString()).contains(reason);
        }
        assertThat(events.get(last).path("kind").asString()).isEqualTo("delivered");
    }

    private static JsonNode story(String recipient) {
        JsonNode mails = posthaste.rest().messages("recipient=" + recipient);
        return mails.isEmpty()
                ? mails
                : posthaste.rest().message(mails.get(0).path("id").asString());
    }

    private static Transaction arrivedFor(String recipient) {
        await().atMost(SOON).until(() -> count(recipient) == 1);
        return peer.accepted().stream()
                .filter(mail -> mail.recipients().contains(recipient))
                .findFirst()
                .orElseThrow();
    }

    private static long count(String recipient) {
        return peer.accepted().stream()
                .filter(mail -> mail.recipients().contains(recipient))
                .count();
    }
}
