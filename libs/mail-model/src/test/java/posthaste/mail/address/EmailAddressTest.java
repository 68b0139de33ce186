package posthaste.mail.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b",
                "first.last@example.org",
                "!#$%&'*+-/=?^_`{|}~@example.org",
                "\"a b\"@example.org",
                "\"a>b\"@example.org",
                "\"a@b\"@example.org",
                "\"\\\"\\\\\"@example.org",
                "\"\"@example.org",
                "x@[127.0.0.1]",
                "x@[IPv6:2001:db8::1]",
                "x@xn--bcher-kva.example",
                "müller@bücher.example",
                "用户@例え.テスト",
                "x@under_score.example",
                "x@1.example",
            })
    void anAddressIsKeptAsItWasWritten(String text) throws InvalidAddressException {
        EmailAddress address = EmailAddress.parse(text);
        assertThat(address).hasToString(text);
        assertThat(address.localPart() + '@' + address.domain()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "a",
                "a@",
                "@b",
                "a@b@c",
                "<a@b",
                "a@b>",
                ".a@b",
                "a.@b",
                "a..b@c",
                "a b@c",
                "a\tb@c",
                "a\0b@c",
                "a\rb@c",
                "a\nb@c",
                "\"a@b",
                "\"a\"b@c",
                "\"a\nb\"@c",
                "\"a\\\"@c",
                "a@b c",
                "a@-b.c",
                "a@b-.c",
                "a@b..c",
                "a@.b",
                "a@b.",
                "a@b,c",
                "a@[1.2.3]",
                "a@[1.2.3.256]",
                "a@[127.0.0.1",
                "a@[localhost]",
                "a@[IPv6:::g]",
                "a@[IPv6:1.2.3.4]",
                "a@b\u560a\u0001",
                "a\u200b@b",
                "a\ufffd@b",
                "a\ud800@b",
                "a@b\u2028c",
                "@hop.example:a@b",
                "(comment)a@b",
                "Name <a@b>",
            })
    void whatIsNoMailboxIsRefused(String text) {
        assertThatThrownBy(() -> EmailAddress.parse(text))
                .isInstanceOf(InvalidAddressException.class)
                .hasMessageNotContaining("\n");
        assertThatIllegalArgumentException().isThrownBy(() -> EmailAddress.of(text));
    }

    @Test
    void partsHaveTheirLimitsInOctets() throws InvalidAddressException {
        String label = "d".repeat(63);
        assertThat(EmailAddress.parse("l".repeat(64) + "@" + label + ".example")).isNotNull();
        assertRefused("l".repeat(65) + "@example.org");
        assertRefused("ü".repeat(33) + "@example.org");
        assertRefused("x@" + "d".repeat(64) + ".example");
        // A path has 256 octets with its brackets.
        assertThat(EmailAddress.parse("x@" + (label + ".").repeat(3) + "d".repeat(60))).isNotNull();
        assertRefused("x@" + (label + ".").repeat(3) + "d".repeat(61));
    }

    @Test
    void theDomainAloneIsComparedWithoutCase() {
        assertThat(EmailAddress.of("x@Example.ORG"))
                .isEqualTo(EmailAddress.of("x@example.org"))
                .hasSameHashCodeAs(EmailAddress.of("x@example.org"))
                .isNotEqualTo(EmailAddress.of("X@example.org"));
    }

    @Test
    void dnsIsAskedForLabelsOfAscii() {
        assertThat(EmailAddress.of("x@Bücher.Example").asciiDomain())
                .isEqualTo("xn--bcher-kva.example");
        assertThat(EmailAddress.of("x@[127.0.0.1]").asciiDomain()).isEqualTo("[127.0.0.1]");
        assertThat(EmailAddress.of("x@[127.0.0.1]").hasAddressLiteral()).isTrue();
    }

    @Test
    void whatIsBeyondAsciiNeedsSmtpUtf8() {
        assertThat(EmailAddress.of("x@example.org").needsSmtpUtf8()).isFalse();
        assertThat(EmailAddress.of("ü@example.org").needsSmtpUtf8()).isTrue();
        assertThat(EmailAddress.of("x@bücher.example").needsSmtpUtf8()).isTrue();
    }

    @Test
    void theNullReversePathIsNoAddress() throws InvalidAddressException {
        assertThat(ReversePath.parse("")).isEqualTo(ReversePath.NULL).hasToString("");
        assertThat(ReversePath.parse("a@b")).hasToString("a@b");
        assertThatThrownBy(() -> ReversePath.parse(" "))
                .isInstanceOf(InvalidAddressException.class);
    }

    /** Whatever is thrown at the parser is an address or is refused, and nothing else happens. */
    @Test
    void noInputBreaksTheParser() {
        Random random = new Random(5321);
        String[] pieces = {
            "a",
            "@",
            ".",
            "\"",
            "\\",
            "[",
            "]",
            "IPv6:",
            "::",
            "1",
            "xn--",
            "ü",
            "例",
            "-",
            " ",
            "\0",
            "\ud800",
            "\udc00",
            "\u200d",
            "\uff0e",
            "x".repeat(60),
            ">",
            "%",
            "\ud83d\ude00"
        };
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(
                        random.nextInt(20) == 0
                                ? String.valueOf((char) random.nextInt(0x10000))
                                : pieces[random.nextInt(pieces.length)]);
            }
            try {
                EmailAddress address = EmailAddress.parse(text.toString());
                assertThat(address).hasToString(text.toString());
                assertThat(EmailAddress.parse(address.toString())).isEqualTo(address);
                assertThat(address.toString().chars()).noneMatch(c -> c < ' ' || c == 0x7f);
                assertThat(address.asciiDomain().chars()).allMatch(c -> c > ' ' && c < 0x7f);
            } catch (InvalidAddressException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private static void assertRefused(String text) {
        assertThatThrownBy(() -> EmailAddress.parse(text))
                .isInstanceOf(InvalidAddressException.class);
    }
}
