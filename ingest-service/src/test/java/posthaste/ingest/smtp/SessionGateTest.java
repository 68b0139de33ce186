package posthaste.ingest.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionGateTest {
    private final SessionGate all = new SessionGate(8);
    private final SessionGate.Entrance gate = all.entrance(limits(5, 2));

    private final Map<String, Deque<SessionGate.Place>> inside = new HashMap<>();

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
        assertThat(enter(other, "192.0.2.1")).isTrue();
        assertThat(enter(other, "192.0.2.1")).isFalse();
        for (int i = 2; i < 5; i++) {
            assertThat(enter("192.0.2." + i)).isTrue();
            assertThat(enter(other, "198.51.100." + i)).isEqualTo(i < 4);
        }
    }

    @Test
    void aSessionThatTurnsOutToBeOfAnotherAddressCountsForThatOne() {
        InetAddress proxy = InetAddress.ofLiteral("192.0.2.1");
        InetAddress client = InetAddress.ofLiteral("192.0.2.2");
        SessionGate.Place place = gate.enter().orElseThrow();
        assertThat(place.isFor(proxy)).isTrue();
        assertThat(place.isFor(client)).isTrue();
        assertThat(enter("192.0.2.1")).isTrue();
        assertThat(enter("192.0.2.1")).isTrue();
        assertThat(enter("192.0.2.2")).isTrue();
        assertThat(place.isFor(proxy)).isFalse();
        assertThat(enter("192.0.2.2")).isFalse();
        place.close();
        assertThat(enter("192.0.2.2")).isTrue();
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
        return enter(gate, address);
    }

    private boolean enter(SessionGate.Entrance entrance, String address) {
        Optional<SessionGate.Place> place = entrance.enter();
        boolean isIn = place.filter(p -> p.isFor(InetAddress.ofLiteral(address))).isPresent();
        if (isIn) {
            inside.computeIfAbsent(address, _ -> new ArrayDeque<>()).push(place.orElseThrow());
        } else {
            place.ifPresent(SessionGate.Place::close);
        }
        return isIn;
    }

    private void leave(String address) {
        Objects.requireNonNull(inside.get(address)).pop().close();
    }
}
