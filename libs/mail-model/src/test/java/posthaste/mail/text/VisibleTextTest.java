package posthaste.mail.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisibleTextTest {
    @Test
    void whatCanBeSeenStays() {
        String text = "550 5.1.1 <jörg@例え.jp> unknown \ud83d\ude00";

        assertThat(VisibleText.of(text)).isEqualTo(text);
    }

    @Test
    void whatHidesCommandsOrTurnsIsReplaced() {
        assertThat(VisibleText.of("a\u001b[31mb\r\nc\u202ed\u2028e\ue000f\ud800g"))
                .isEqualTo("a\ufffd[31mb\ufffd\ufffdc\ufffdd\ufffde\ufffdf\ufffdg");
    }
}
