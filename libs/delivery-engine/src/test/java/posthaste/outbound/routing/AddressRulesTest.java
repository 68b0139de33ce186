package posthaste.outbound.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
    private static final InetAddress OWN = InetAddress.ofLiteral("203.0.113.9");

    private final AddressRules rules = new AddressRules(List.of(), Set.of(OWN));

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 5.4.6",
        "127.255.0.1, 5.4.6",
        "::1, 5.4.6",
        "::ffff:127.0.0.1, 5.4.6",
        "::127.0.0.1, 5.4.6",
        "64:ff9b::127.0.0.1, 5.4.6",
        "2002:7f00:1::1, 5.4.6",
        "203.0.113.9, 5.4.6",
        "10.0.0.1, 5.7.1",
        "172.31.0.1, 5.7.1",
        "192.168.1.1, 5.7.1",
        "169.254.169.254, 5.7.1",
        "100.64.0.1, 5.7.1",
        "0.0.0.0, 5.7.1",
        "255.255.255.255, 5.7.1",
        "224.0.0.1, 5.7.1",
        "::, 5.7.1",
        "fe80::1, 5.7.1",
        "fd00::1, 5.7.1",
        "64:ff9b::10.0.0.1, 5.7.1",
        "2002:c0a8:101::1, 5.7.1",
        "::ffff:0:127.0.0.1, 5.4.6",
        "64:ff9b::203.0.113.9, 5.4.6",
        "64:ff9b:1::127.0.0.1, 5.7.1",
        "2001:0:53aa:64c::1, 5.7.1",
        "100::1, 5.7.1",
        "192.88.99.1, 5.7.1"
    })
    void dnsMayNotSendUsTo(String address, String status) {
        assertThat(rules.objection(InetAddress.ofLiteral(address)).orElseThrow().status())
                .hasToString(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"192.0.2.1", "172.32.0.1", "8.8.8.8", "2001:db8::1", "64:ff9b::8.8.8.8"})
    void theInternetIsOpen(String address) {
        assertThat(rules.objection(InetAddress.ofLiteral(address))).isEmpty();
    }

    @Test
    void whatIsAllowedByConfigurationIsOpenButNeverWeOurselves() {
        AddressRules open =
                new AddressRules(
                        List.of(Network.parse("10.0.0.0/8"), Network.parse("203.0.113.0/24")),
                        Set.of(OWN));
        assertThat(open.objection(InetAddress.ofLiteral("10.1.2.3"))).isEmpty();
        assertThat(open.objection(OWN)).isPresent();
        assertThat(open.objection(InetAddress.ofLiteral("11.1.2.3"))).isEmpty();
        assertThat(open.objection(InetAddress.ofLiteral("192.168.1.1"))).isPresent();
    }
}
