package posthaste.ingest.auth.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import posthaste.queue.control.SharedFacts;
import posthaste.queue.memory.MemoryMailQueue;
import posthaste.testing.SettableClock;

/** Two instances that tell each other; no network. */
class FailureThrottleTest {
    private static final InetAddress HOME = InetAddress.ofLiteral("198.51.100.1");
    private static final InetAddress STRANGER = InetAddress.ofLiteral("203.0.113.9");

    private final SettableClock clock = SettableClock.at("2026-11-22T10:00:00Z");
    private final MemoryMailQueue queue = new MemoryMailQueue(clock);
    private FailureThrottle one;
    private FailureThrottle two;

    @BeforeEach
    void start() {
        one = instance("one");
        two = instance("two");
    }

    @Test
    void failuresAtBothCountAtBoth() {
        for (int i = 0; i < 5; i++) {
            assertThat(one.isBlocked("alice", STRANGER)).isFalse();
            one.failed("alice", address(i));
            two.failed("alice", address(100 + i));
        }
        assertThat(one.isBlocked("alice", STRANGER)).isTrue();
        assertThat(two.isBlocked("alice", STRANGER)).isTrue();
        assertThat(one.isBlocked("bob", STRANGER)).isFalse();
    }

    @Test
    void anInstanceThatComesLaterKnows() {
        for (int i = 0; i < 10; i++) {
            one.failed("alice", address(i));
        }
        assertThat(instance("three").isBlocked("alice", STRANGER)).isTrue();
    }

    @Test
    void anAddressIsBlockedForAllNames() {
        for (int i = 0; i < 20; i++) {
            one.failed("name" + i, STRANGER);
        }
        assertThat(two.isBlocked("somebody", STRANGER)).isTrue();
        assertThat(two.isBlocked("somebody", HOME)).isFalse();
    }

    @Test
    void anIpv6NetworkIsOneAddress() {
        for (int i = 0; i < 20; i++) {
            one.failed("name" + i, InetAddress.ofLiteral("2001:db8:1:2::" + i));
        }
        assertThat(two.isBlocked("x", InetAddress.ofLiteral("2001:db8:1:2:ffff::1"))).isTrue();
        assertThat(two.isBlocked("x", InetAddress.ofLiteral("2001:db8:1:3::1"))).isFalse();
    }

    @Test
    void aUserUnderAttackStillLogsInFromWhereHeDidBefore() {
        two.succeeded("alice", HOME);
        for (int i = 0; i < 30; i++) {
            one.failed("alice", address(i));
        }
        assertThat(one.isBlocked("alice", STRANGER)).isTrue();
        assertThat(one.isBlocked("alice", HOME)).isFalse();
        for (int i = 0; i < 10; i++) {
            one.failed("alice", HOME);
        }
        assertThat(two.isBlocked("alice", HOME)).isTrue();
    }

    @Test
    void failuresAreForgottenAWhileAfterTheLast() {
        for (int i = 0; i < 10; i++) {
            one.failed("alice", address(i));
        }
        clock.advance(Duration.ofMinutes(14));
        assertThat(two.isBlocked("alice", STRANGER)).isTrue();
        clock.advance(Duration.ofMinutes(1));
        assertThat(one.isBlocked("alice", STRANGER)).isFalse();
        assertThat(two.isBlocked("alice", STRANGER)).isFalse();
        one.failed("alice", STRANGER);
        assertThat(one.isBlocked("alice", STRANGER)).isFalse();
    }

    @Test
    void aSprayOfNamesTakesNoMoreThanItsPlace() {
        for (int i = 0; i < FailureThrottle.CAPACITY + 5_000; i++) {
            one.failed("name" + i, STRANGER);
        }
        assertThat(one.remembered()).isLessThanOrEqualTo(FailureThrottle.CAPACITY);
        assertThat(two.remembered()).isLessThanOrEqualTo(FailureThrottle.CAPACITY);
        assertThat(one.isBlocked(STRANGER)).isTrue();
    }

    @Test
    void noNameIsToldInTheClear() {
        assertThat(Subject.user("my secret password")).doesNotContain("secret").hasSize(24);
        assertThat(Subject.user("x".repeat(10_000))).hasSize(24);
    }

    private FailureThrottle instance(String name) {
        SharedFacts facts = queue.facts("control");
        FailureThrottle throttle =
                new FailureThrottle(
                        new ThrottleSettings(10, 20, Duration.ofMinutes(15), Duration.ofDays(7)),
                        name,
                        facts,
                        clock);
        facts.start();
        return throttle;
    }

    private static InetAddress address(int i) {
        return InetAddress.ofLiteral("192.0.2." + i);
    }
}
