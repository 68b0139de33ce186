package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.ScriptedSmtpPeer;
import posthaste.testing.SmtpDialogue;

/** Below the free-space floor nothing is accepted, and all else goes on. */
class StorageFloorIT {
    @TempDir static Path temp;

    @Test
    void belowTheFloorMailIsRefusedForNow() {
        try (ScriptedSmtpPeer peer = ScriptedSmtpPeer.start();
                RunningPosthaste posthaste =
                        RunningPosthaste.on(temp.resolve("data"))
                                .relayingTo(peer.hostAndPort())
                                .with("posthaste.body.free-space-floor", "1TB")
                                .start();
                SmtpDialogue client = posthaste.client()) {
            SmtpDialogue.Reply refusal = client.send("MAIL FROM:<ada@sender.example>").reply();
            if (refusal.code() == 250) {
                client.send("RCPT TO:<grace@x.example>").expect(250);
                client.send("DATA").expect(354);
                refusal =
                        client.sendMessage("Subject: no room\r\n\r\nx\r\n".getBytes(US_ASCII))
                                .reply();
            }
            assertThat(refusal.toString()).startsWith("452 4.3.1 ");
            client.send("RSET").expect(250);
            assertThat(posthaste.rest().get("/").statusCode()).isEqualTo(200);

            posthaste.stop();
            posthaste.restartWith("posthaste.body.free-space-floor", "1MB");
            posthaste.accept(
                    "ada@sender.example",
                    List.of("grace@x.example"),
                    "Subject: room\r\n\r\nx\r\n".getBytes(US_ASCII));
        }
    }
}
