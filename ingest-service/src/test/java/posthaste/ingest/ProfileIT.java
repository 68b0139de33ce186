package posthaste.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import posthaste.ingest.smtp.ListenerSettings.Profile;
import posthaste.mail.envelope.FirstStop;
import posthaste.testing.SmtpDialogue;

class ProfileIT {

    @Test
    void aFallbackListenerPutsMailIntoTheFirstTier() {
        assertThat(firstStop(Profile.FALLBACK)).isEqualTo(new FirstStop.Fallback());
    }

    @Test
    void otherListenersHaveItTriedAtOnce() {
        assertThat(firstStop(Profile.RELAY)).isEqualTo(new FirstStop.Attempt());
        assertThat(firstStop(Profile.SUBMISSION)).isEqualTo(new FirstStop.Attempt());
    }

    private static FirstStop firstStop(Profile profile) {
        try (ListenerUnderTest ingest =
                        ListenerUnderTest.start(
                                ListenerUnderTest.settings(ListenerUnderTest.LIMITS)
                                        .withProfile(profile));
                SmtpDialogue client = SmtpDialogue.greet(ingest.port())) {
            byte[] message = "Subject: x\r\n\r\nx\r\n".getBytes(ISO_8859_1);
            assertThat(client.mail("a@b.c", List.of("x@y.z"), message).code()).isEqualTo(250);
            return ingest.accepted().getFirst().envelope().handling().firstStop();
        }
    }
}
