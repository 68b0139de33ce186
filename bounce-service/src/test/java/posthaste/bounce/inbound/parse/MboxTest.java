package posthaste.bounce.inbound.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MboxTest {
    private static final String ONE =
            "From anna@example.org Thu Apr 29 23:34:45 2015\nSubject: 1\n\nText\n\n";
    private static final String TWO =
            "From MAILER-DAEMON  Fri Apr 30 23:34:45 2015\nSubject: 2\n\nFrom here on it is a text\n";

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void eachMailStandsForItself(String end) {
        assertThat(mails((ONE + TWO).replace("\n", end)))
                .containsExactly(ONE.replace("\n", end), TWO.replace("\n", end));
    }

    @Test
    void whatIsNoMboxStaysWhole() {
        String mail = "Subject: x\n\n" + ONE + TWO;
        assertThat(mails(mail)).containsExactly(mail);
        assertThat(mails("")).containsExactly("");
        assertThat(mails("From")).containsExactly("From");
        assertThat(mails("From ")).containsExactly("From ");
    }

    @Test
    void aLineInATextBeginsNoMail() {
        String mail = ONE + "From here to there\n\nFrom a b 2015\n";
        assertThat(mails(mail)).containsExactly(mail);
    }

    @Test
    void noMoreMailsAreTakenThanAreWanted() {
        assertThat(Mbox.mails(ONE.repeat(5).getBytes(StandardCharsets.US_ASCII), 3)).hasSize(3);
    }

    private static List<String> mails(String file) {
        return Mbox.mails(file.getBytes(StandardCharsets.ISO_8859_1), 100).stream()
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .toList();
    }
}
