package posthaste.mail.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DomainsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "example.org",
                "a-b.example",
                "_dmarc.example",
                "1.example",
                "xn--bcher-kva.example",
                "bücher.example",
                "[127.0.0.1]",
                "[IPv6:::1]",
                "[ipv6:2001:db8::1]",
                "[IPv6:::ffff:192.0.2.1]",
            })
    void domainsAndAddressLiteralsPass(String domain) {
        assertThatCode(() -> Domains.check(domain)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a..b",
                ".a",
                "a.",
                "-a.b",
                "a-.b",
                "a b",
                "a/b",
                "a\0b",
                "[",
                "[]",
                "[::1]",
                "[IPv6:]",
                "[IPv6:fe80::1%eth0]",
                "[01.2.3.4.5]",
                "[1.2.3.4]x",
                "[Tag:content]",
            })
    void whatIsNeitherIsRefused(String domain) {
        assertThatThrownBy(() -> Domains.check(domain)).isInstanceOf(InvalidAddressException.class);
    }

    @Test
    void aDomainHas255OctetsOfAscii() {
        String domain = ("d".repeat(49) + ".").repeat(5) + "example";
        assertThat(domain).hasSize(257);
        assertThatThrownBy(() -> Domains.check(domain)).isInstanceOf(InvalidAddressException.class);
        assertThatCode(() -> Domains.check(domain.substring(2))).doesNotThrowAnyException();
    }

    @Test
    void labelsBecomeAsciiInLowerCase() {
        assertThat(Domains.toAscii("BÜCHER.Example")).isEqualTo("xn--bcher-kva.example");
        assertThat(Domains.toAscii("[IPv6:2001:DB8::1]")).isEqualTo("[IPv6:2001:DB8::1]");
    }
}
