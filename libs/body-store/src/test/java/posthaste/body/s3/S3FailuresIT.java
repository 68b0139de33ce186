package posthaste.body.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import posthaste.body.BodyWriter;
import posthaste.body.CorruptBodyException;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
import posthaste.body.UnreadableBodyIOException;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.SegmentItem;
import posthaste.mail.record.BodyRef;
import posthaste.testing.s3.S3Fault;
import posthaste.testing.s3.S3Operation;
import posthaste.testing.s3.S3Server;

/** What a service that refuses, stalls, loses or lies costs: time and requests, never a body. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class S3FailuresIT {
    private static final int MIB = 1024 * 1024;
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    /** A machine that is ten times slower keeps to it. */
    private static final Duration BOUND = Duration.ofSeconds(15);

    @TempDir static Path folder;
    private static S3Server server;
    private final MemoryBudget budget = new MemoryBudget(16L * MIB);
    private S3Bench bench;
    private S3BodyStore store;

    @BeforeAll
    static void startTheServer() throws Exception {
        server = S3Server.in(folder);
    }

    @AfterAll
    static void stopTheServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void open() throws Exception {
        bench = new S3Bench(server, folder);
        store = bench.open(impatient(), budget);
        server.requests().reset();
    }

    @AfterEach
    void close() {
        server.faults().clear();
        store.close();
        bench.close();
        assertThat(budget.used()).isZero();
    }

    static Stream<S3Fault> passingFaults() {
        return Stream.of(
                S3Fault.status(500),
                S3Fault.status(503),
                S3Fault.status(429),
                S3Fault.reset(),
                S3Fault.answerLost());
    }

    @ParameterizedTest
    @MethodSource("passingFaults")
    void whatFailsForAMomentIsTriedAgain(S3Fault fault) throws Exception {
        server.faults().add(fault.times(2));
        BodyRef ref = store(randomBytes(1000));
        assertThat(server.requests().of(S3Operation.PUT_OBJECT)).isEqualTo(3);

        server.faults().add(fault.times(2));
        assertThat(read(ref)).isEqualTo(randomBytes(1000));
        assertThat(server.requests().of(S3Operation.GET_OBJECT)).isEqualTo(3);

        for (S3Operation step :
                List.of(
                        S3Operation.CREATE_MULTIPART_UPLOAD,
                        S3Operation.UPLOAD_PART,
                        S3Operation.COMPLETE_MULTIPART_UPLOAD)) {
            server.faults().add(fault.on(step).times(1));
        }
        BodyRef large = store(randomBytes(6 * MIB));
        assertThat(server.faults().current()).isEmpty();
        assertThat(read(large)).isEqualTo(randomBytes(6 * MIB));
    }

    static Stream<S3Fault> lastingFaults() {
        return Stream.of(
                S3Fault.status(500), S3Fault.status(503), S3Fault.reset(), S3Fault.stall());
    }

    @ParameterizedTest
    @MethodSource("lastingFaults")
    void anOutageIsToldWithinTheDeadlineAndPasses(S3Fault fault) throws Exception {
        BodyRef ref = store(randomBytes(1000));
        server.faults().add(fault);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Duration>> all = new ArrayList<>();
            for (Work work :
                    List.<Work>of(
                            () -> store(randomBytes(1000)),
                            () -> store(randomBytes(6 * MIB)),
                            () -> read(ref),
                            () -> store.visit(_ -> {}))) {
                all.add(threads.submit(() -> timeOf(work)));
            }
            assertThat(store.trouble()).isPresent();
            for (Future<Duration> one : all) {
                assertThat(one.get()).isLessThan(BOUND);
            }
        }

        server.faults().clear();
        assertThat(store.trouble()).isEmpty();
        assertThat(read(ref)).isEqualTo(randomBytes(1000));
        store(randomBytes(1000));
    }

    @Test
    void anAnswerThatTricklesCountsAsNone() throws Exception {
        BodyRef ref = store(randomBytes(200_000));
        server.faults().add(S3Fault.slowAnswer(1000).on(S3Operation.GET_OBJECT));
        assertThat(timeOf(() -> read(ref))).isLessThan(BOUND);
    }

    @Test
    void aStalledLaneHoldsUpNobodyForLong() throws Exception {
        server.faults().add(S3Fault.stall().on(S3Operation.PUT_OBJECT).times(1));
        Thread first = Thread.startVirtualThread(() -> storeQuietly(randomBytes(10)));
        await().until(() -> server.requests().of(S3Operation.PUT_OBJECT) == 1);
        assertThat(store(randomBytes(100)).length()).isEqualTo(100);
        server.faults().clear();
        first.join();
    }

    @Test
    void aBodyWhoseAnswerNeverCameIsRefusedAndHarmless() throws Exception {
        server.faults().add(S3Fault.answerLost().on(S3Operation.PUT_OBJECT));
        assertThatThrownBy(() -> store(randomBytes(1000)))
                .isInstanceOf(StoreUnavailableException.class);
        server.faults().clear();

        List<SegmentItem> items = new ArrayList<>();
        List<BodyKey> keys = new ArrayList<>();
        store.visit(object -> keys.add(object.key()));
        for (BodyKey key : keys) {
            store.read(key, items::add);
        }
        assertThat(items).hasSize(1).allMatch(item -> item instanceof SegmentItem.Entry);
    }

    @Test
    void aCommitOfALargeBodyWhoseOutcomeIsUnknownLeavesNothing() throws Exception {
        server.faults().add(S3Fault.answerLost().on(S3Operation.COMPLETE_MULTIPART_UPLOAD));
        server.faults().add(S3Fault.status(503).on(S3Operation.HEAD_OBJECT));
        assertThatThrownBy(() -> store(randomBytes(6 * MIB)))
                .isInstanceOf(StoreUnavailableException.class);
        server.faults().clear();
        await().untilAsserted(() -> assertThat(bench.bytesFound()).isZero());
    }

    @Test
    void anUploadThatBreaksLeavesNoParts() throws Exception {
        server.faults().add(S3Fault.status(500).on(S3Operation.UPLOAD_PART));
        assertThatThrownBy(() -> store(randomBytes(6 * MIB)))
                .isInstanceOf(StoreUnavailableException.class);
        await().untilAsserted(() -> assertThat(bench.unfinishedUploads()).isZero());
        assertThat(bench.bytesFound()).isZero();
        assertThat(budget.used()).isZero();
    }

    @Test
    void aDamagedAnswerIsAskedForAgain() throws Exception {
        BodyRef small = store(randomBytes(1000));
        server.faults().add(S3Fault.damagedAnswer().on(S3Operation.GET_OBJECT).times(1));
        assertThat(read(small)).isEqualTo(randomBytes(1000));

        server.faults().add(S3Fault.damagedAnswer().on(S3Operation.GET_OBJECT).times(2));
        assertThatThrownBy(() -> read(small)).isInstanceOf(CorruptBodyException.class);
        assertThat(read(small)).isEqualTo(randomBytes(1000));
    }

    @Test
    void aLargeBodyThatWasDamagedOnTheWayIsUnreadableNotCorrupt() throws Exception {
        BodyRef large = store(randomBytes(3 * MIB));
        server.faults().add(S3Fault.damagedAnswer().on(S3Operation.GET_OBJECT).times(1));
        assertThatThrownBy(() -> read(large)).isInstanceOf(UnreadableBodyIOException.class);
        assertThat(read(large)).isEqualTo(randomBytes(3 * MIB));
    }

    @Test
    void onlyTheListConfirmsThatABodyIsMissing() throws Exception {
        BodyRef ref = store(randomBytes(1000));
        server.faults().add(S3Fault.missing());
        assertThatThrownBy(() -> read(ref)).isInstanceOf(StoreUnavailableException.class);
        server.faults().clear();

        bench.lose(ref);
        server.faults().add(S3Fault.status(503).on(S3Operation.LIST_OBJECTS));
        assertThatThrownBy(() -> read(ref)).isInstanceOf(StoreUnavailableException.class);
        server.faults().clear();
        assertThatThrownBy(() -> read(ref)).isInstanceOf(MissingBodyException.class);
    }

    @Test
    void aBucketThatIsGoneIsNoMissingBody() throws Exception {
        BodyRef ref = store(randomBytes(1000));
        bench.lose(ref);
        bench.client.deleteBucket(b -> b.bucket(bench.bucket));
        assertThatThrownBy(() -> read(ref)).isInstanceOf(StoreUnavailableException.class);
        assertThat(store.trouble()).isPresent();
    }

    @Test
    void aLostCredentialIsAnOutage() throws Exception {
        BodyRef ref = store(randomBytes(1000));
        server.faults().add(S3Fault.status(403));
        assertThatThrownBy(() -> read(ref))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("403");
        assertThatThrownBy(() -> store(randomBytes(10)))
                .isInstanceOf(StoreUnavailableException.class);
        server.faults().clear();
        assertThat(read(ref)).hasSize(1000);
    }

    @Test
    void aWrongSecretIsNamedAtTheStartAndNotShown() {
        S3RefusedException refused =
                catchThrowableOfType(
                        S3RefusedException.class,
                        () -> openAt(server.endpoint(), "a-wrong-secret", bench.settings()));
        assertThat(refused)
                .hasMessageContaining("refuses these credentials")
                .hasMessageContaining(bench.bucket);
        assertThat(refused.getMessage()).doesNotContain("a-wrong-secret");
        assertThat(bench.endpoint("a-wrong-secret").toString()).doesNotContain("a-wrong-secret");
    }

    @Test
    void aBucketThatIsNotThereIsNamedAtTheStartOrMade() throws Exception {
        S3BodyStoreSettings other = S3BodyStoreSettings.of(bench.bucket + "-2");
        assertThatThrownBy(() -> openAt(server.endpoint(), S3Server.SECRET_KEY, other))
                .isInstanceOf(S3RefusedException.class)
                .hasMessageContaining("there is no bucket '" + bench.bucket + "-2'");
        try (S3BodyStore made =
                openAt(server.endpoint(), S3Server.SECRET_KEY, other.creatingTheBucket(true))) {
            assertThat(made.trouble()).isEmpty();
        }
    }

    @Test
    void aServiceThatIsAwayIsNoReasonNotToStart() throws Exception {
        server.faults().add(S3Fault.reset());
        try (S3BodyStore early = openAt(server.endpoint(), S3Server.SECRET_KEY, impatient())) {
            assertThat(early.trouble()).isPresent();
            server.faults().clear();
            assertThat(early.trouble()).isEmpty();
        }
    }

    private S3BodyStoreSettings impatient() {
        return bench.settings()
                .withTuning(
                        S3BodyStoreSettings.Tuning.DEFAULT.withWaits(
                                Duration.ofMillis(1500), Duration.ofSeconds(3)));
    }

    private S3BodyStore openAt(URI uri, String secret, S3BodyStoreSettings settings)
            throws S3RefusedException {
        return new S3BodyStore(
                settings, S3Bench.endpoint(uri, secret), budget, bench.clock(), (_, _, _) -> {});
    }

    private interface Work {
        void run() throws Exception;
    }

    /** How long it took until the store was said to be unavailable. */
    private static Duration timeOf(Work work) {
        long begun = System.nanoTime();
        assertThatThrownBy(work::run).isInstanceOf(StoreUnavailableException.class);
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private void storeQuietly(byte[] body) {
        try {
            store(body);
        } catch (Exception e) {
            // Stalled on purpose.
        }
    }

    private BodyRef store(byte[] body) throws Exception {
        try (BodyWriter writer = store.begin(Generation.PRIMARY, DEADLINE)) {
            writer.write(body, 0, body.length);
            return writer.commit("01hzy3v7qk8r9s0t1v2w3x4y5z", new byte[] {1}, DEADLINE);
        }
    }

    private byte[] read(BodyRef ref) throws Exception {
        try (StoredBody body = store.open(ref)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            body.writeTo(out);
            return out.toByteArray();
        }
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
