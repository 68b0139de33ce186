package posthaste.queue.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Lease lease = new Lease(now::get);

    @Test
    void nothingIsOursBeforeTheFirstCommit() {
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.needsProof(false)).isTrue();

        prove();

        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.needsProof(true)).isFalse();
    }

    @Test
    void aCommitProvesSomethingForLessThanASession() {
        prove();

        pass(Duration.ofMillis(2_999));
        assertThat(lease.isHeld()).isTrue();
        pass(Duration.ofMillis(1));
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void itCountsFromWhenTheCommitWasSent() {
        Lease.Proof proof = lease.sent();
        pass(Duration.ofMillis(2_500));
        lease.accepted(proof);
        assertThat(lease.isHeld()).isTrue();

        pass(Duration.ofMillis(500));
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void itIsRenewedWhileAnyoneIsAtWorkAndElseOnDemand() {
        prove();
        pass(Duration.ofSeconds(1));
        assertThat(lease.needsProof(true)).isTrue();
        assertThat(lease.needsProof(false)).isFalse();

        pass(Duration.ofMinutes(1));
        assertThat(lease.needsProof(false)).isFalse();

        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.needsProof(false)).isTrue();
        prove();
        assertThat(lease.needsProof(false)).isFalse();
    }

    @Test
    void aFrozenProcessHasToProveItAnew() {
        prove();
        Lease.Proof before = lease.sent();

        now.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(lease.isHeld()).isFalse();
        lease.turned();
        assertThat(lease.isHeld()).isFalse();
        lease.accepted(before);
        assertThat(lease.isHeld()).isFalse();
        prove();
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void aCommitThatFailedTakesItAway() {
        prove();
        Lease.Proof before = lease.sent();

        lease.broken();

        assertThat(lease.isHeld()).isFalse();
        lease.accepted(before);
        assertThat(lease.isHeld()).isFalse();
        prove();
        assertThat(lease.isHeld()).isTrue();
    }

    private void prove() {
        lease.accepted(lease.sent());
    }

    /** The loop goes round meanwhile. */
    private void pass(Duration time) {
        long until = now.get() + time.toNanos();
        while (until - now.get() > 0) {
            now.addAndGet(Math.min(Duration.ofMillis(500).toNanos(), until - now.get()));
            lease.turned();
        }
    }
}
