package posthaste.ingest.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionGateTest {
    private final SessionGate gate =
            new SessionGate(
                    new ListenerSettings.Limits(
                            1,
                            1,
                            1,
                            5,
                            2,
                            1,
                            1,
                            Duration.ZERO,
                            Duration.ZERO,
                            Duration.ZERO,
                            0,
                            Duration.ZERO));

    @Test
    void anAddressHasItsShare() {
        assertThat(enter("192.0.2.1")).isTrue();
        assertThat(enter("192.0.2.1")).isTrue();
        assertThat(enter("192.0.2.1")).isFalse();
        assertThat(enter("192.0.2.2")).isTrue();
        leave("192.0.2.1");
        assertThat(enter("192.0.2.1")).isTrue();
    }

    @Test
    void aNetworkOfIpv6CountsAsOne() {
        assertThat(enter("2001:db8::1")).isTrue();
        assertThat(enter("2001:db8::ffff:2")).isTrue();
        assertThat(enter("2001:db8::3")).isFalse();
        assertThat(enter("2001:db8:0:1::1")).isTrue();
    }

    @Test
    void allTogetherHaveTheirLimitAndRefusalsCostNothing() {
        for (int i = 0; i < 5; i++) {
            assertThat(enter("192.0.2." + i)).isTrue();
        }
        for (int i = 0; i < 100; i++) {
            assertThat(enter("198.51.100." + i)).isFalse();
        }
        leave("192.0.2.0");
        assertThat(enter("198.51.100.1")).isTrue();
    }

    private boolean enter(String address) {
        return gate.enter(InetAddress.ofLiteral(address));
    }

    private void leave(String address) {
        gate.leave(InetAddress.ofLiteral(address));
    }
}
