package posthaste.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.body.inventory.BodyInventory;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.SegmentItem;
import posthaste.mail.record.BodyRef;

/** What every store does alike. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
public abstract class BodyStoreContract {
    protected static final int MIB = 1024 * 1024;
    protected static final Duration WAIT = Duration.ofSeconds(5);
    protected static final Duration DEADLINE = Duration.ofSeconds(20);
    protected static final String MAIL_ID = "01hzy3v7qk8r9s0t1v2w3x4y5z";

    protected final MemoryBudget budget = new MemoryBudget(8L * MIB);
    protected BodyStore store;

    protected abstract BodyStore openStore() throws Exception;

    /** Flips a bit of a stored body behind the store's back. */
    protected abstract void damage(BodyRef ref) throws Exception;

    /** Takes a stored body away behind the store's back. */
    protected abstract void lose(BodyRef ref) throws Exception;

    /** What is found of bodies, whole or in parts, committed or not. */
    protected abstract long bytesFound() throws Exception;

    /** Lets time go by until the slot that was written to so far is past. */
    protected abstract void passSlot() throws Exception;

    @BeforeEach
    void openTheStore() throws Exception {
        store = openStore();
    }

    @AfterEach
    void allMemoryIsGivenBack() {
        assertThat(budget.used()).isEqualTo(store.statistics().cachedBytes());
        store.close();
        assertThat(budget.used()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1023, 16384, 65536, MIB - 1, MIB, MIB + 1, 5 * MIB, 5 * MIB + 4711})
    void whatWasWrittenIsRead(int length) throws Exception {
        byte[] body = randomBytes(length);

        BodyRef ref = store(body);

        assertThat(ref.length()).isEqualTo(length);
        assertThat(ref.crc32c()).isEqualTo(crc(body));
        assertThat(ref.key()).startsWith("primary/");
        assertThat(read(ref)).isEqualTo(body);
        assertThat(read(ref)).as("a second time").isEqualTo(body);
    }

    @Test
    void theSizeOfTheWritesDoesNotMatter() throws Exception {
        byte[] body = randomBytes(3 * MIB + 17);
        Random sizes = new Random(7);
        try (BodyWriter writer = store.begin(Generation.DEFERRED, WAIT)) {
            for (int at = 0; at < body.length; ) {
                int n = Math.min(body.length - at, sizes.nextInt(150_000));
                byte[] reused = new byte[n + 3];
                System.arraycopy(body, at, reused, 3, n);
                writer.write(reused, 3, n);
                Arrays.fill(reused, (byte) 0);
                at += n;
            }
            assertThat(writer.length()).isEqualTo(body.length);
            BodyRef ref = writer.commit(MAIL_ID, new byte[] {1}, DEADLINE);
            assertThat(ref.key()).startsWith("deferred/");
            assertThat(read(ref)).isEqualTo(body);
        }
    }

    @Test
    void manyWritersAtOnceDoNotMixTheirBodies() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> writers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int writer = i;
                writers.add(
                        threads.submit(() -> {
                            Random random = new Random(writer);
                            for (int n = 0; n < 20; n++) {
                                byte[] body = randomBytes(random.nextInt(40_000));
                                assertThat(read(store(body))).isEqualTo(body);
                            }
                            return true;
                        }));
            }
            for (Future<Boolean> writer : writers) {
                assertThat(writer.get()).isTrue();
            }
        }
        assertThat(store.statistics().bodies()).isEqualTo(1000);
    }

    @Test
    void writersWhoseBodiesExceedTheBudgetTogetherComeThrough() throws Exception {
        byte[] body = randomBytes(MIB - 1);
        // All hold memory, and each wants five times what is there for it.
        CyclicBarrier allHaveSome = new CyclicBarrier(40);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<BodyRef>> writers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                writers.add(
                        threads.submit(() -> {
                            try (BodyWriter writer = store.begin(Generation.PRIMARY, WAIT)) {
                                for (int at = 0; at < body.length; at += 8192) {
                                    int n = Math.min(8192, body.length - at);
                                    writer.write(body, at, n);
                                    if (at == 0) {
                                        allHaveSome.await(20, TimeUnit.SECONDS);
                                    }
                                }
                                return writer.commit(MAIL_ID, new byte[100], DEADLINE);
                            }
                        }));
            }
            for (Future<BodyRef> writer : writers) {
                assertThat(read(writer.get())).isEqualTo(body);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 3 * MIB})
    void aBodyClosedWithoutCommitLeavesNothing(int length) throws Exception {
        try (BodyWriter writer = store.begin(Generation.PRIMARY, WAIT)) {
            writer.write(randomBytes(length), 0, length);
        }
        await().until(() -> bytesFound() == 0);
        assertThat(store.statistics().bodies()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10_000, MIB})
    void aDamagedSmallBodyIsNeverHandedOut(int length) throws Exception {
        BodyRef ref = storeUncached(randomBytes(length));
        damage(ref);

        assertThatThrownBy(() -> read(ref)).isInstanceOf(CorruptBodyException.class);
    }

    @Test
    void aDamagedLargeBodyIsNeverHandedOutWhole() throws Exception {
        BodyRef ref = store(randomBytes(3 * MIB));
        damage(ref);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        try (StoredBody body = store.open(ref)) {
            assertThatThrownBy(() -> body.writeTo(out)).isInstanceOf(CorruptBodyIOException.class);
        }
        assertThat(out.size()).isLessThan(3 * MIB);
    }

    @Test
    void aWrongCrcOfTheReferenceCountsAsDamage() throws Exception {
        BodyRef ref = store(randomBytes(1000));
        BodyRef wrong = new BodyRef(ref.key(), ref.offset(), ref.length(), ref.crc32c() + 1);

        assertThatThrownBy(() -> read(wrong)).isInstanceOf(CorruptBodyException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 3 * MIB})
    void aLostBodyIsMissing(int length) throws Exception {
        BodyRef ref = storeUncached(randomBytes(length));
        lose(ref);

        assertThatThrownBy(() -> read(ref)).isInstanceOf(MissingBodyException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 3 * MIB})
    void aReceiverThatFailsCostsNothing(int length) throws Exception {
        BodyRef ref = store(randomBytes(length));
        try (StoredBody body = store.open(ref)) {
            assertThatThrownBy(() -> body.writeTo(new BrokenPipe())).hasMessage("broken pipe");
        }
        assertThat(read(ref)).hasSize(length);
    }

    @Test
    void withoutMemoryAWriterIsRefusedWithinItsWait() throws Exception {
        budget.acquire(budget.size(), Duration.ZERO);
        try (BodyWriter writer = store.begin(Generation.PRIMARY, Duration.ofMillis(50))) {
            assertThatThrownBy(() -> writer.write(new byte[1], 0, 1))
                    .isInstanceOf(BudgetExhaustedException.class);
        } finally {
            budget.release(budget.size());
        }
    }

    @Test
    void anInterruptedCommitIsNoCommit() throws Exception {
        try (BodyWriter writer = store.begin(Generation.PRIMARY, WAIT)) {
            writer.write(new byte[1000], 0, 1000);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> writer.commit(MAIL_ID, new byte[10], DEADLINE))
                    .isInstanceOf(InterruptedException.class);
        } finally {
            assertThat(Thread.interrupted()).as("the interrupt was consumed").isFalse();
        }
    }

    @Test
    void aWriterIsUsedOnce() throws Exception {
        try (BodyWriter writer = store.begin(Generation.PRIMARY, WAIT)) {
            writer.write(new byte[10], 0, 10);
            writer.commit(MAIL_ID, new byte[10], DEADLINE);
            assertThatThrownBy(() -> writer.write(new byte[1], 0, 1))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> writer.commit(MAIL_ID, new byte[10], DEADLINE))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aClosedStoreTakesNothing() throws Exception {
        store.close();
        try (BodyWriter writer = store.begin(Generation.PRIMARY, WAIT)) {
            assertThatThrownBy(
                            () -> {
                                writer.write(new byte[1], 0, 1);
                                writer.commit(MAIL_ID, new byte[10], DEADLINE);
                            })
                    .isInstanceOf(StoreUnavailableException.class);
        }
    }

    @Test
    void whatStandsInItIsListed() throws Exception {
        BodyRef small = store(randomBytes(5000));
        BodyRef large = store(randomBytes(2 * MIB));
        BodyRef other = store(store, new Generation("hold/example.org"), randomBytes(100));
        passSlot();
        BodyRef later = store(store, Generation.DEFERRED, randomBytes(200));

        assertThat(keysListed())
                .containsExactlyInAnyOrder(small.key(), large.key(), other.key(), later.key());
        List<Long> sizes = new ArrayList<>();
        inventory().visit(object -> sizes.add(object.size()));
        assertThat(sizes.stream().mapToLong(Long::longValue).sum())
                .isBetween(2L * MIB + 5300, 2L * MIB + 10_000);
    }

    @Test
    void anEmptyStoreHasNothingToList() throws Exception {
        assertThat(keysListed()).isEmpty();
    }

    @Test
    void anObjectTellsWhichBodiesStandInIt() throws Exception {
        BodyRef small = store(randomBytes(5000));
        BodyRef large = store(randomBytes(2 * MIB));

        for (BodyRef ref : List.of(small, large)) {
            assertThat(itemsOf(ref)).containsExactly(entryOf(ref, true));
        }
        damage(small);
        assertThat(itemsOf(small)).containsExactly(entryOf(small, false));
    }

    @Test
    void anObjectThatIsNotThereIsMissing() throws Exception {
        BodyRef ref = store(randomBytes(100));
        lose(ref);

        assertThatThrownBy(() -> itemsOf(ref)).isInstanceOf(MissingBodyException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 2 * MIB})
    void whatIsRemovedIsGone(int length) throws Exception {
        BodyRef ref = storeUncached(randomBytes(length));
        BodyRef kept = store(store, Generation.DEFERRED, randomBytes(length));
        passSlot();

        inventory().delete(List.of(BodyKey.parse(ref.key())));

        assertThat(keysListed()).containsExactly(kept.key());
        assertThatThrownBy(() -> read(ref)).isInstanceOf(MissingBodyException.class);
        assertThat(read(kept)).isEqualTo(randomBytes(length));
        inventory().delete(List.of(BodyKey.parse(ref.key())));
    }

    @Test
    void whatMayStillBeWrittenToIsNotRemoved() throws Exception {
        BodyRef past = storeUncached(randomBytes(100));
        passSlot();
        BodyRef current = storeUncached(randomBytes(200));
        List<BodyKey> both = List.of(BodyKey.parse(current.key()), BodyKey.parse(past.key()));

        assertThatThrownBy(() -> inventory().delete(both))
                .isInstanceOf(StoreUnavailableException.class);

        assertThat(keysListed()).containsExactly(current.key());
        assertThat(read(current)).isEqualTo(randomBytes(200));
        assertThat(read(store(randomBytes(300)))).isEqualTo(randomBytes(300));
    }

    @Test
    void removingDoesNotDisturbWriters() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 20; round++) {
                BodyRef old = store(randomBytes(1000));
                passSlot();
                List<Future<BodyRef>> writers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    writers.add(threads.submit(() -> store(randomBytes(500))));
                }
                BodyKey key = BodyKey.parse(old.key());
                // A writer may be about to turn to the new slot: then the janitor comes again.
                await().ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                        .until(() -> {
                            inventory().delete(List.of(key));
                            return true;
                        });
                for (Future<BodyRef> writer : writers) {
                    assertThat(read(writer.get())).isEqualTo(randomBytes(500));
                }
            }
        }
    }

    @Test
    void whatIsNotFinishedHasNoKeyAndGoesWhenItIsOld() throws Exception {
        try (BodyWriter writer = store.begin(Generation.PRIMARY, WAIT)) {
            writer.write(randomBytes(3 * MIB), 0, 3 * MIB);

            assertThat(keysListed()).isEmpty();
            assertThat(inventory().deleteUnfinished(Instant.EPOCH)).isZero();
            BodyRef ref = writer.commit(MAIL_ID, new byte[10], DEADLINE);
            assertThat(keysListed()).containsExactly(ref.key());
        }
    }

    @Test
    void aClosedStoreIsNotAnEmptyOne() {
        store.close();
        assertThatThrownBy(this::keysListed).isInstanceOf(StoreUnavailableException.class);
    }

    /** The same store. */
    protected BodyInventory inventory() {
        return (BodyInventory) store;
    }

    protected List<String> keysListed() throws Exception {
        List<String> keys = new ArrayList<>();
        inventory().visit(object -> keys.add(object.key().toString()));
        return keys;
    }

    protected List<SegmentItem> itemsOf(BodyRef ref) throws Exception {
        List<SegmentItem> items = new ArrayList<>();
        inventory().read(BodyKey.parse(ref.key()), items::add);
        return items;
    }

    protected static SegmentItem.Entry entryOf(BodyRef ref, boolean intact) {
        return new SegmentItem.Entry(
                MAIL_ID,
                ByteBuffer.wrap(new byte[] {1, 2, 3}),
                ref.offset(),
                ref.length(),
                ref.crc32c(),
                intact);
    }

    /** Stores a body. */
    protected BodyRef store(byte[] body) throws Exception {
        return store(store, Generation.PRIMARY, body);
    }

    /** Stores a body so that the next reader finds it in no cache. */
    protected BodyRef storeUncached(byte[] body) throws Exception {
        BodyRef ref = store(body);
        // Nobody can do without memory now but the cache.
        long all = budget.size();
        budget.acquire(all, WAIT);
        budget.release(all);
        return ref;
    }

    protected static BodyRef store(BodyStore store, Generation generation, byte[] body)
            throws Exception {
        try (BodyWriter writer = store.begin(generation, WAIT)) {
            writer.write(body, 0, body.length);
            return writer.commit(MAIL_ID, new byte[] {1, 2, 3}, DEADLINE);
        }
    }

    protected byte[] read(BodyRef ref) throws Exception {
        return read(store, ref);
    }

    protected static byte[] read(BodyStore store, BodyRef ref) throws Exception {
        try (StoredBody body = store.open(ref)) {
            assertThat(body.length()).isEqualTo(ref.length());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            body.writeTo(out);
            return out.toByteArray();
        }
    }

    protected static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    protected static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static final class BrokenPipe extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("broken pipe");
        }
    }
}
