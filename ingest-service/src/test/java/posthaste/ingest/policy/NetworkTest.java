package posthaste.ingest.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;

class NetworkTest {
    private static final EmailAddress RECIPIENT = EmailAddress.of("x@remote.example");

    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/8, 127.255.0.1, true",
        "127.0.0.0/8, 128.0.0.1, false",
        "10.1.2.0/23, 10.1.3.255, true",
        "10.1.2.0/23, 10.1.4.0, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::1, ::1, true",
        "::/0, 127.0.0.1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
    })
    void anAddressIsInsideOrNot(String network, String address, boolean inside) {
        assertThat(Network.parse(network).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "localhost",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.1/8",
                "::1/129",
                "2001:db8::1/32",
                "10.0.0.0/8/8",
                "10.0.0.0/ 8",
                "10"
            })
    void whatIsNoNetworkIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Network.parse(text));
    }

    @Test
    void onlyTrustedNetworksMayRelay() {
        RelayPolicy policy = new RelayPolicy(List.of(Network.parse("10.0.0.0/8")));
        assertThat(policy.recipient(from("10.9.9.9"), RECIPIENT)).isEmpty();
        assertThat(policy.recipient(from("127.0.0.1"), RECIPIENT))
                .hasValueSatisfying(r -> assertThat(r).hasToString("550 5.7.1 relaying denied"));
    }

    private static Submission from(String address) {
        return new Submission(
                Submitter.connected("smtp", InetAddress.ofLiteral(address)),
                ReversePath.NULL,
                0,
                List.of());
    }
}
