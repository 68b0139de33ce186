package posthaste.ingest.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a@b.example | a@b.example",
                "<a@b.example> | a@b.example",
                "Ann Bee <a@b.example> | a@b.example",
                "\"Bee, Ann\" <a@b.example> | a@b.example",
                "\"x@y.example\" <a@b.example> | a@b.example",
                "\"a \\\" <x@y.example>\" <a@b.example> | a@b.example",
                "a@b.example (Ann (the) Bee) | a@b.example",
                "(<x@y.example>) a@b.example | a@b.example",
                "=?utf-8?q?=C3=A9?= <a@b.example> | a@b.example",
                "x@y.example <a@b.example> | a@b.example",
                "\"a b\"@b.example | \"a b\"@b.example",
                "<a@[192.0.2.1]> | a@[192.0.2.1]",
                "a@b.example, C <c@d.example>,, e@f.example | a@b.example c@d.example e@f.example",
                "undisclosed-recipients:; | ''",
                "Friends: a@b.example, <c@d.example>; , e@f.example | a@b.example c@d.example"
                        + " e@f.example",
            })
    void theAddressesOfAListAreFound(String value, String expected) {
        assertThat(
                        String.join(
                                " ",
                                Mailboxes.parse(value).orElseThrow().stream()
                                        .map(Object::toString)
                                        .toList()))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no address",
                "a@b.example c@d.example",
                "<a@b.example> <c@d.example>",
                "<a@b.example> c@d.example",
                "<a@b.example>, <c@d",
                "<<a@b.example>>",
                "a@b.example>",
                "\"a@b.example",
                "(a@b.example",
                "group: a@b.example",
                "a@b.example; c@d.example",
                "<x@y.example,a@b.example>",
                "a@b@c.example",
                "<a@b.example",
            })
    void whatCanBeReadInTwoWaysIsNotRead(String value) {
        assertThat(Mailboxes.parse(value)).isEmpty();
    }

    @Test
    void theAuthorIsOneAddressInOneField() {
        assertThat(Mailboxes.author(MessageHeader.of("From: A\r\n <a@b.example>\r\n")))
                .hasToString("Optional[a@b.example]");
        assertThat(Mailboxes.author(MessageHeader.of("From: a@b.example, c@d.example\r\n")))
                .isEmpty();
        assertThat(Mailboxes.author(MessageHeader.of("From: a@b.example\r\nFROM: a@b.example\r\n")))
                .isEmpty();
        assertThat(Mailboxes.author(MessageHeader.of("Subject: x\r\n"))).isEmpty();
    }

    @Test
    void anyTextIsReadOrNot() {
        Random random = new Random(5);
        String alphabet = "aa@b.x<>\"\\(),:;[] \t=?é\u0000";
        for (int round = 0; round < 200_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(Mailboxes.parse(text.toString())).isNotNull();
        }
        assertThat(Mailboxes.parse("(".repeat(500_000))).isEmpty();
        assertThat(Mailboxes.parse("\\".repeat(500_001))).isEmpty();
    }
}
