package posthaste.ingest.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionGateTest {
    private final SessionGate all = new SessionGate(8);
    private final SessionGate.Entrance gate = all.entrance(limits(5, 2));

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

    @Test
    void listenersShareWhatIsLeftAndAnAddressCountsAtAllOfThem() {
        SessionGate.Entrance other = all.entrance(limits(5, 3));
        assertThat(enter("192.0.2.1")).isTrue();
        assertThat(enter("192.0.2.1")).isTrue();
        assertThat(other.enter(InetAddress.ofLiteral("192.0.2.1"))).isTrue();
        assertThat(other.enter(InetAddress.ofLiteral("192.0.2.1"))).isFalse();
        for (int i = 2; i < 5; i++) {
            assertThat(enter("192.0.2." + i)).isTrue();
            assertThat(other.enter(InetAddress.ofLiteral("198.51.100." + i))).isEqualTo(i < 4);
        }
    }

    @Test
    void aSessionThatTurnsOutToBeOfAnotherAddressCountsForThatOne() {
        InetAddress proxy = InetAddress.ofLiteral("192.0.2.1");
        InetAddress client = InetAddress.ofLiteral("192.0.2.2");
        assertThat(gate.enter(proxy)).isTrue();
        assertThat(gate.change(proxy, client)).isTrue();
        assertThat(enter("192.0.2.1")).isTrue();
        assertThat(enter("192.0.2.1")).isTrue();
        assertThat(enter("192.0.2.2")).isTrue();
        assertThat(gate.change(proxy, client)).isFalse();
        gate.leave(client);
        assertThat(gate.change(proxy, client)).isTrue();
    }

    private static ListenerSettings.Limits limits(int sessions, int ofAddress) {
        return new ListenerSettings.Limits(
                1,
                1,
                1,
                0,
                sessions,
                ofAddress,
                1,
                1,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                0,
                Duration.ZERO);
    }

    private boolean enter(String address) {
        return gate.enter(InetAddress.ofLiteral(address));
    }

    private void leave(String address) {
        gate.leave(InetAddress.ofLiteral(address));
    }
}
