package posthaste.body.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import posthaste.body.BodyStore;
import posthaste.body.BodyStoreContract;
import posthaste.body.BodyWriter;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
import posthaste.body.segment.BodyKey;
import posthaste.mail.record.BodyRef;
import posthaste.testing.s3.S3Server;
import software.amazon.awssdk.core.sync.RequestBody;

/** What every store does alike, and what is told by an object store's keys, lists and requests. */
class S3BodyStoreIT extends BodyStoreContract {
    private static final int SESSIONS = 50;

    @TempDir static Path folder;
    private static S3Server server;
    private S3Bench bench;

    @BeforeAll
    static void startTheServer() throws Exception {
        server = S3Server.in(folder);
    }

    @AfterAll
    static void stopTheServer() throws Exception {
        server.close();
    }

    @AfterEach
    void closeTheBench() {
        bench.close();
    }

    @Override
    protected BodyStore openStore() throws Exception {
        bench = new S3Bench(server, folder);
        return bench.open(bench.settings().withCacheSize(2 * MIB), budget);
    }

    @Override
    protected void damage(BodyRef ref) throws Exception {
        bench.damage(ref);
    }

    @Override
    protected void lose(BodyRef ref) {
        bench.lose(ref);
    }

    @Override
    protected long bytesFound() {
        return bench.bytesFound();
    }

    @Override
    protected void passSlot() {
        bench.now = bench.now.plus(Duration.ofMinutes(10));
    }

    @Test
    void theKeySaysGenerationAndSlot() throws Exception {
        assertThat(store(new byte[10]).key()).matches("primary/20261122T081000/[a-z0-9-]+\\.s3");
        bench.now = bench.now.plusSeconds(1);
        assertThat(store(store, new Generation("hold/example.org"), new byte[2 * MIB]).key())
                .startsWith("hold/example.org/20261122T082000/");
    }

    @ParameterizedTest
    @EnumSource(Checksum.class)
    void theServiceChecksWhatArrives(Checksum checksum) throws Exception {
        try (S3BodyStore other = bench.open(bench.settings().withChecksum(checksum), budget)) {
            byte[] small = randomBytes(1000);
            byte[] large = randomBytes(6 * MIB);
            assertThat(read(other, store(other, Generation.PRIMARY, small))).isEqualTo(small);
            assertThat(read(other, store(other, Generation.PRIMARY, large))).isEqualTo(large);
        }
    }

    @Test
    void storesWithDifferentPrefixesDoNotSeeEachOther() throws Exception {
        try (S3BodyStore one = bench.open(bench.settings().withPrefix("one/"), budget);
                S3BodyStore other = bench.open(bench.settings().withPrefix("other/"), budget)) {
            BodyRef ref = store(other, Generation.PRIMARY, randomBytes(10));
            assertThat(ref.key()).startsWith("primary/");
            assertThat(bench.fileOf("other/" + ref.key())).exists();
            one.visit(object -> fail("not ours: " + object));
            assertThat(read(other, ref)).isEqualTo(randomBytes(10));
        }
    }

    @Test
    void atFiftySessionsTenMailsShareARequest() throws Exception {
        store.close();
        store = bench.open(bench.settings(), budget);
        bench.server.requests().reset();

        List<BodyRef> refs = storeBySessions(20);

        long puts = bench.server.requests().puts();
        assertThat(puts).as("requests for %d mails", refs.size()).isLessThan(refs.size() / 10);
        for (BodyRef ref : refs) {
            read(ref);
        }
        assertThat(gets()).isEqualTo(refs.size());
        assertThat(store.statistics().segments()).isEqualTo(puts);
    }

    @Test
    void aClientThatIsAloneWaitsForNobody() throws Exception {
        Duration gather = Duration.ofSeconds(15);
        try (S3BodyStore patient = bench.open(bench.settings().withGather(gather), budget)) {
            long begun = System.nanoTime();
            store(patient, Generation.PRIMARY, randomBytes(100));
            store(patient, Generation.PRIMARY, randomBytes(100));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(gather);
        }
    }

    @Test
    void whatIsStillFreshIsNotAskedFor() throws Exception {
        for (BodyRef ref : storeBySessions(2)) {
            read(ref);
        }
        assertThat(gets()).isZero();
        assertThat(store.statistics().cacheHits()).isEqualTo(2 * SESSIONS);
    }

    @Test
    void aLargeBodyIsReadByTheMegabyte() throws Exception {
        BodyRef ref = store(randomBytes(3 * MIB + 1));
        bench.server.requests().reset();
        read(ref);
        assertThat(gets()).isEqualTo(4);
    }

    @Test
    void aBodyOfOnePartIsOneRequest() throws Exception {
        store(randomBytes(2 * MIB));
        assertThat(bench.server.requests().puts()).isEqualTo(1);
    }

    @Test
    void aSlowClientsBodyIsCommittedUnderAKeyOfNow() throws Exception {
        byte[] body = randomBytes(11 * MIB);
        try (BodyWriter writer = store.begin(Generation.PRIMARY, WAIT)) {
            writer.write(body, 0, 6 * MIB);
            bench.now = bench.now.plus(Duration.ofMinutes(25));
            writer.write(body, 6 * MIB, 5 * MIB);
            BodyRef ref = writer.commit(MAIL_ID, new byte[10], DEADLINE);

            assertThat(ref.key()).startsWith("primary/20261122T084000/");
            assertThat(read(ref)).isEqualTo(body);
            await().untilAsserted(() -> assertThat(keysListed()).containsExactly(ref.key()));
        }
    }

    @Test
    void aBodyWhoseSlotHasJustEndedKeepsItsKey() throws Exception {
        byte[] body = randomBytes(6 * MIB);
        try (BodyWriter writer = store.begin(Generation.PRIMARY, WAIT)) {
            writer.write(body, 0, body.length);
            bench.now = bench.now.plus(Duration.ofMinutes(9));
            BodyRef ref = writer.commit(MAIL_ID, new byte[10], DEADLINE);

            assertThat(ref.key()).startsWith("primary/20261122T081000/");
            assertThat(read(ref)).isEqualTo(body);
        }
    }

    @Test
    void aLongListIsReadPageByPage() throws Exception {
        Path slot = bench.fileOf("primary/20261122T070000");
        Files.createDirectories(slot);
        for (int i = 0; i < 1500; i++) {
            Files.write(slot.resolve("old-" + i + ".s3"), new byte[] {1});
        }
        bench.server.requests().reset();

        assertThat(keysListed()).hasSize(1500);
        assertThat(requests(posthaste.testing.s3.S3Operation.LIST_OBJECTS)).isEqualTo(2);

        List<BodyKey> keys = keysListed().stream().map(BodyKey::parse).toList();
        inventory().delete(keys);
        assertThat(requests(posthaste.testing.s3.S3Operation.DELETE_OBJECTS)).isEqualTo(2);
        assertThat(keysListed()).isEmpty();
    }

    @Test
    void whatIsNotOursIsPassedOver() throws Exception {
        BodyRef ours = store(randomBytes(10));
        for (String foreign :
                List.of(
                        "readme.txt",
                        "primary/readme.txt",
                        "primary/20261122T081000/other-1.folder7",
                        "PRIMARY/20261122T081000/other-1.s3")) {
            bench.client.putObject(
                    b -> b.bucket(bench.bucket).key(foreign),
                    RequestBody.fromString("not a body", StandardCharsets.UTF_8));
        }
        assertThat(keysListed()).containsExactly(ours.key());
    }

    @Test
    void whatADeadProcessLeftUnfinishedCanBeRemoved() throws Exception {
        String key = "primary/20261122T081000/dead-1.s3";
        bench.client.createMultipartUpload(b -> b.bucket(bench.bucket).key(key));
        bench.client.createMultipartUpload(b -> b.bucket(bench.bucket).key("not/ours"));

        assertThat(inventory().deleteUnfinished(Instant.EPOCH)).isZero();
        assertThat(inventory().deleteUnfinished(Instant.parse("2999-01-01T00:00:00Z")))
                .isEqualTo(1);

        assertThat(bench.unfinishedUploads()).isEqualTo(1);
    }

    @Test
    void aBodyOfAnotherKindOfStoreIsNotMissing() {
        BodyRef ref = new BodyRef("primary/20261122T081000/x-1.k3j5h7", 32, 10, 0);
        assertThatThrownBy(() -> read(ref)).isInstanceOf(StoreUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 12})
    void anUploadThatIsGivenUpLeavesNoParts(int mebibytes) throws Exception {
        try (BodyWriter writer = store.begin(Generation.PRIMARY, WAIT)) {
            writer.write(randomBytes(mebibytes * MIB), 0, mebibytes * MIB);
            assertThat(bench.unfinishedUploads()).isEqualTo(1);
        }
        await().untilAsserted(() -> assertThat(bench.unfinishedUploads()).isZero());
        assertThat(bytesFound()).isZero();
    }

    @Test
    void largeBodiesAtOnceKeepToTheBudget() throws Exception {
        uploadAtOnce(12, 6, 32);
    }

    @Tag("full")
    @Test
    void fiftyBodiesOf25MiBAtOnceKeepToTheBudget() throws Exception {
        uploadAtOnce(50, 25, 128);
    }

    /** The budget fits what the writers hold while they wait, and a few parts. */
    private void uploadAtOnce(int writers, int mebibytes, int budgetMebibytes) throws Exception {
        MemoryBudget shared = new MemoryBudget((long) budgetMebibytes * MIB);
        Duration patience = Duration.ofSeconds(50);
        S3BodyStoreSettings.Tuning patient =
                S3BodyStoreSettings.Tuning.DEFAULT.withWaits(patience, patience);
        byte[] piece = randomBytes(MIB);
        try (S3BodyStore large = bench.open(bench.settings().withTuning(patient), shared);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<BodyRef>> all = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                all.add(
                        threads.submit(() -> {
                            try (BodyWriter writer = large.begin(Generation.PRIMARY, patience)) {
                                for (int n = 0; n < mebibytes; n++) {
                                    writer.write(piece, 0, MIB);
                                }
                                return writer.commit(MAIL_ID, new byte[] {1}, patience);
                            }
                        }));
            }
            for (Future<BodyRef> one : all) {
                BodyRef ref = one.get();
                assertThat(ref.length()).isEqualTo((long) mebibytes * MIB);
                assertThat(ref.crc32c()).isEqualTo(all.getFirst().get().crc32c());
            }
            try (StoredBody body = large.open(all.getLast().get())) {
                // Which verifies it.
                body.writeTo(OutputStream.nullOutputStream());
            }
            assertThat(large.statistics().objects()).isEqualTo(writers);
            assertThat(shared.used()).isZero();
        }
    }

    private List<BodyRef> storeBySessions(int mailsEach) throws Exception {
        List<BodyRef> refs = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<BodyRef>>> sessions = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                sessions.add(
                        threads.submit(() -> {
                            List<BodyRef> stored = new ArrayList<>();
                            for (int n = 0; n < mailsEach; n++) {
                                stored.add(store(randomBytes(10_240)));
                            }
                            return stored;
                        }));
            }
            for (Future<List<BodyRef>> session : sessions) {
                refs.addAll(session.get());
            }
        }
        return refs;
    }

    private long gets() {
        return requests(posthaste.testing.s3.S3Operation.GET_OBJECT);
    }

    private long requests(posthaste.testing.s3.S3Operation operation) {
        return bench.server.requests().of(operation);
    }
}
