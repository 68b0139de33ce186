package posthaste.mail.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {

    @Test
    void aReplyIsOneVisibleLine() {
        assertThat(new Reply(550, "5.1.1 no\r\nsuch\tuser\0\u001b[31m\u2028x"))
                .hasToString("550 5.1.1 no  such user  [31m x");
        assertThat(new Reply(250, "\r\n")).hasToString("250");
    }

    @Test
    void aLongReplyIsCut() {
        assertThat(new Reply(550, "x".repeat(1_000_000)).text().length())
                .isLessThanOrEqualTo(Reply.TEXT_LIMIT);
        assertThat(new Reply(550, "\ud83d\ude00".repeat(1000)).text().length())
                .isLessThanOrEqualTo(Reply.TEXT_LIMIT);
    }

    @ParameterizedTest
    @CsvSource({
        "550, 5.1.1 no such user, 5.1.1",
        "550, no such user, 5.0.0",
        "450, 4.2.0 greylisted, 4.2.0",
        // The reply code decides, not a code of another class in the text.
        "450, 5.1.1 no such user, 4.0.0",
        "250, 2.0.0, 2.0.0",
        "354, go on, 2.0.0",
        "550, 5.1.1, 5.1.1",
        "550, 5.1.1x, 5.0.0",
        "550, 5.1.1234 x, 5.0.0",
        "550, '', 5.0.0",
    })
    void theStatusIsThatOfTheTextIfItFitsTheCode(int code, String text, String status) {
        assertThat(new Reply(code, text).status()).hasToString(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 99, 199, 600, -250})
    void whatIsNoReplyCodeIsRefused(int code) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Reply(code, "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5.1", "3.1.1", "5.1.1 ", "5.1.1.1", "5.-1.1", "x"})
    void whatIsNoStatusCodeIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> EnhancedStatusCode.parse(text));
    }

    @Test
    void noTextOfAServerBreaksAReply() {
        Random random = new Random(3463);
        for (int i = 0; i < 20_000; i++) {
            char[] text = new char[random.nextInt(60)];
            for (int c = 0; c < text.length; c++) {
                text[c] =
                        (char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(65536));
            }
            Reply reply = new Reply(200 + random.nextInt(400), new String(text));
            assertThat(reply.text().chars()).noneMatch(Character::isISOControl);
            assertThat(reply.status().statusClass()).isIn(2, 4, 5);
            assertThat(new Reply(reply.code(), reply.text())).isEqualTo(reply);
        }
    }
}
