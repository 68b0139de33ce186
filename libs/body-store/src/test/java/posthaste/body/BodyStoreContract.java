package posthaste.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
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
