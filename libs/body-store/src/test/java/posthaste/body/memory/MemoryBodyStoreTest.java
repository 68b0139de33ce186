package posthaste.body.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import posthaste.body.BodyStore;
import posthaste.body.BodyStoreContract;
import posthaste.body.Generation;
import posthaste.body.StoreUnavailableException;
import posthaste.mail.record.BodyRef;

class MemoryBodyStoreTest extends BodyStoreContract {
    private static final Duration SLOT = Duration.ofMinutes(10);

    private volatile Instant now = Instant.parse("2026-11-22T08:19:59Z");
    private MemoryBodyStore memory;

    @Override
    protected BodyStore openStore() {
        memory = new MemoryBodyStore(budget, Long.MAX_VALUE, () -> now, SLOT);
        return memory;
    }

    @Override
    protected void damage(BodyRef ref) {
        memory.damage(ref);
    }

    @Override
    protected void lose(BodyRef ref) {
        memory.lose(ref);
    }

    @Override
    protected long bytesFound() {
        return memory.statistics().bytes();
    }

    @Override
    protected void passSlot() {
        now = now.plus(SLOT);
    }

    @Test
    void itsClockSaysWhenABodyWasStored() throws Exception {
        store(randomBytes(10));
        Instant then = now;
        passSlot();
        inventory().visit(object -> assertThat(object.modified()).isEqualTo(then));
    }

    @Test
    void outOfOrderItServesNobodyAndAfterwardsAll() throws Exception {
        BodyRef ref = store(randomBytes(10));
        memory.setAvailable(false);
        assertThatThrownBy(() -> read(ref)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> store(randomBytes(10)))
                .isInstanceOf(StoreUnavailableException.class);
        memory.setAvailable(true);
        assertThat(read(ref)).isEqualTo(randomBytes(10));
    }

    @Test
    void fullItRefuses() throws Exception {
        try (MemoryBodyStore small = new MemoryBodyStore(budget, 1000)) {
            store(small, Generation.PRIMARY, randomBytes(600));
            assertThat(small.usableSpace()).isEqualTo(400);
            assertThatThrownBy(() -> store(small, Generation.PRIMARY, randomBytes(600)))
                    .isInstanceOf(StoreUnavailableException.class);
        }
    }
}
