package posthaste.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.ingest.smtp.ListenerSettings.Profile;
import posthaste.mail.envelope.DeliverBy;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.testing.SmtpDialogue;

/** What a client asks for in MAIL stands in the envelope. */
class HandlingIT {
    private static final byte[] MESSAGE = "Subject: x\r\n\r\nx\r\n".getBytes(ISO_8859_1);

    @Test
    void usersProgramsMayHaveMailHeldAndReturnedWhenItIsLate() {
        try (ListenerUnderTest ingest = listener(Profile.SUBMISSION);
                SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            assertThat(client.send("EHLO c").expect(250).text())
                    .contains("FUTURERELEASE 2592000 2026-12-22T08:30:00Z")
                    .contains("DELIVERBY 60")
                    .doesNotContain("REQUIRETLS");

            client.send("MAIL FROM:<a@b.c> HOLDFOR=600 BY=700;RT").expect(250);
            client.send("RCPT TO:<x@y.z>").expect(250);
            client.send("DATA").expect(354);
            client.sendMessage(MESSAGE).expect(250);

            assertThat(ingest.accepted().getFirst().envelope().handling())
                    .isEqualTo(
                            new Handling(
                                    new FirstStop.Hold(ListenerUnderTest.NOW.plusSeconds(600)),
                                    false,
                                    Optional.of(
                                            new DeliverBy(
                                                    ListenerUnderTest.NOW.plusSeconds(700),
                                                    DeliverBy.Mode.RETURN,
                                                    true))));
            client.send("MAIL FROM:<a@b.c> HOLDFOR=2592001").expect(501, "5.5.4");
            client.send("MAIL FROM:<a@b.c> BY=59;R").expect(555, "5.5.4");
            client.send("MAIL FROM:<a@b.c> REQUIRETLS").expect(555, "5.5.4");
            client.send("MAIL FROM:<a@b.c>").expect(250);
        }
    }

    @Test
    void otherListenersHoldNothing() {
        for (Profile profile : new Profile[] {Profile.RELAY, Profile.FALLBACK}) {
            try (ListenerUnderTest ingest = listener(profile);
                    SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
                assertThat(client.send("EHLO c").expect(250).text())
                        .doesNotContain("FUTURERELEASE");
                client.send("MAIL FROM:<a@b.c> HOLDFOR=600").expect(555, "5.5.4");
            }
        }
    }

    private static ListenerUnderTest listener(Profile profile) {
        return ListenerUnderTest.start(
                ListenerUnderTest.settings(ListenerUnderTest.LIMITS).withProfile(profile));
    }
}
