package posthaste.body.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.body.BodyStore;
import posthaste.body.BodyStoreContract;
import posthaste.body.BodyWriter;
import posthaste.body.CorruptBodyException;
import posthaste.body.Generation;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
import posthaste.body.UnreadableBodyIOException;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.BytesSource;
import posthaste.body.segment.SegmentItem;
import posthaste.body.segment.SegmentReader;
import posthaste.mail.record.BodyRef;

class FileBodyStoreTest extends BodyStoreContract {
    @TempDir Path folder;
    private final FaultyDisk disk = new FaultyDisk();
    private volatile Instant now = Instant.parse("2026-11-22T08:19:59Z");
    private final InstantSource clock = () -> now;

    @Override
    protected BodyStore openStore() throws Exception {
        return open(settings(folder).withCacheSize(2 * MIB));
    }

    @Override
    protected void damage(BodyRef ref) throws Exception {
        try (FileChannel file =
                FileChannel.open(fileOf(ref), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long at = ref.offset() + ref.length() / 2;
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 1)).flip();
            file.write(one, at);
        }
    }

    @Override
    protected void lose(BodyRef ref) throws Exception {
        Files.delete(fileOf(ref));
    }

    @Override
    protected long bytesFound() throws Exception {
        return files().mapToLong(file -> file.toFile().length()).sum();
    }

    @Override
    protected void passSlot() {
        now = now.plus(Duration.ofMinutes(10));
    }

    @Test
    void theKeySaysGenerationAndSlot() throws Exception {
        assertThat(store(new byte[10]).key()).startsWith("primary/20261122T081000/");
        now = now.plusSeconds(1);
        assertThat(store(new byte[10]).key()).startsWith("primary/20261122T082000/");
        assertThat(store(store, new Generation("hold/example.org"), new byte[2 * MIB]).key())
                .startsWith("hold/example.org/20261122T082000/");
    }

    @Test
    void aFullSegmentIsFollowedByAnother() throws Exception {
        store.close();
        store = open(settings(folder).withSegmentSize(64 * 1024));
        for (int i = 0; i < 10; i++) {
            store(randomBytes(30_000));
        }
        assertThat(store.statistics().segments()).isEqualTo(4);
    }

    @Test
    void manyCommitsShareAForce() throws Exception {
        store.close();
        store = open(settings(folder).withTuning(FileBodyStoreSettings.Tuning.DEFAULT));
        disk.forceTakes(Duration.ofMillis(2));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                writers.add(
                        threads.submit(() -> {
                            for (int n = 0; n < 20; n++) {
                                store(randomBytes(10_240));
                            }
                            return null;
                        }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertThat(store.statistics().bodies()).isEqualTo(1000);
        assertThat(store.statistics().forces()).isLessThan(200);
    }

    @Test
    void aBodyIsForcedBeforeItsCommitReturnsAndItsNameToo() throws Exception {
        BodyRef small = store(new byte[10]);
        assertThat(disk.isForced(fileOf(small))).isTrue();
        BodyRef large = store(new byte[3 * MIB]);
        assertThat(disk.isForced(fileOf(large))).isTrue();
        store(new byte[10]);
        assertThat(disk.isForced(fileOf(small))).isTrue();
    }

    @Test
    void aStoreOpenedAgainReadsWhatAnotherWrote() throws Exception {
        BodyRef small = store(randomBytes(5000));
        BodyRef large = store(randomBytes(2 * MIB));
        store.close();
        store = openStore();

        assertThat(read(small)).isEqualTo(randomBytes(5000));
        assertThat(read(large)).isEqualTo(randomBytes(2 * MIB));
    }

    @Test
    void twoProcessesShareAFolder() throws Exception {
        try (BodyStore other = open(settings(folder))) {
            BodyRef ours = store(randomBytes(100));
            BodyRef theirs = store(other, Generation.PRIMARY, randomBytes(200));
            assertThat(theirs.key()).isNotEqualTo(ours.key());
            assertThat(read(theirs)).isEqualTo(randomBytes(200));
            assertThat(read(other, ours)).isEqualTo(randomBytes(100));
        }
    }

    @Test
    void aFreshBodyIsReadFromMemoryUntilOthersNeedIt() throws Exception {
        BodyRef ref = store(randomBytes(10_000));
        lose(ref);
        assertThat(read(ref)).isEqualTo(randomBytes(10_000));
        assertThat(store.statistics().cacheHits()).isEqualTo(1);

        budget.acquire(budget.size(), WAIT);
        budget.release(budget.size());
        assertThat(store.statistics().cachedBytes()).isZero();
        assertThatThrownBy(() -> read(ref)).isInstanceOf(MissingBodyException.class);
    }

    @Test
    void theCacheStaysWithinItsSize() throws Exception {
        for (int i = 0; i < 200; i++) {
            store(randomBytes(30_000));
            assertThat(store.statistics().cachedBytes()).isLessThanOrEqualTo(2 * MIB);
        }
        assertThat(store.statistics().cachedBytes()).isGreaterThan(MIB);
    }

    @Test
    void everythingIsFoundInTheSegmentsAlone() throws Exception {
        BodyRef small = store(randomBytes(5000));
        BodyRef other = store(randomBytes(0));
        BodyRef large = store(randomBytes(2 * MIB));

        assertThat(items(fileOf(small))).containsExactly(entry(small), entry(other));
        assertThat(items(fileOf(large))).containsExactly(entry(large));
    }

    @Test
    void aLargeBodyTakesLittleMemory() throws Exception {
        byte[] piece = randomBytes(64 * 1024);
        long length = 200L * MIB;
        CRC32C crc = new CRC32C();
        long most = 0;
        BodyRef ref;
        try (BodyWriter writer = store.begin(Generation.PRIMARY, WAIT)) {
            for (long at = 0; at < length; at += piece.length) {
                writer.write(piece, 0, piece.length);
                crc.update(piece);
                most = Math.max(most, budget.used());
            }
            ref = writer.commit(MAIL_ID, new byte[10], DEADLINE);
        }
        assertThat(most).isLessThanOrEqualTo(MIB);
        assertThat(ref.length()).isEqualTo(length);
        CRC32C read = new CRC32C();
        try (StoredBody body = store.open(ref)) {
            assertThat(budget.used()).isLessThanOrEqualTo(128 * 1024);
            body.writeTo(
                    new OutputStream() {
                        @Override
                        public void write(int b) {
                            read.update(b);
                        }

                        @Override
                        public void write(byte[] bytes, int offset, int count) {
                            read.update(bytes, offset, count);
                        }
                    });
        }
        assertThat(read.getValue()).isEqualTo(crc.getValue());
    }

    @Test
    void aHangingDiskCostsNobodyMoreThanTheDeadline() throws Exception {
        disk.hang();
        try (BodyWriter small = store.begin(Generation.PRIMARY, WAIT);
                BodyWriter large = store.begin(Generation.PRIMARY, WAIT)) {
            small.write(new byte[10], 0, 10);
            long start = System.nanoTime();
            assertThatThrownBy(() -> small.commit(MAIL_ID, new byte[1], Duration.ofMillis(300)))
                    .isInstanceOf(StoreUnavailableException.class);
            byte[] body = randomBytes(2 * MIB);
            assertThatThrownBy(
                            () -> {
                                large.write(body, 0, body.length);
                                large.commit(MAIL_ID, new byte[1], Duration.ofMillis(300));
                            })
                    .isInstanceOf(StoreUnavailableException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(3));
        } finally {
            disk.goOn();
        }
        await().until(() -> budget.used() == store.statistics().cachedBytes());
        assertThat(read(store(randomBytes(100)))).isEqualTo(randomBytes(100));
    }

    @Test
    void aHangingDiskIsSteppedRoundByAnother(@TempDir Path second) throws Exception {
        store.close();
        store = open(settings(folder, second).withTuning(FileBodyStoreSettings.Tuning.DEFAULT));
        // The first flush begins a segment, which may take long enough to open the second lane.
        store(new byte[10]);
        BodyRef first = store(new byte[10]);
        disk.hang(Files.exists(fileOf(first, folder)) ? folder : second);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<BodyRef> stuck = threads.submit(() -> store(new byte[20]));
            await().until(() -> disk.hanging() == 1);
            BodyRef served = store(randomBytes(30));
            assertThat(placeOf(served)).isNotEqualTo(placeOf(first));
            assertThat(stuck.isDone()).isFalse();
            disk.goOn();
            assertThat(stuck.get().length()).isEqualTo(20);
        }
    }

    @Test
    void afterAFailedForceTheSegmentIsLeft() throws Exception {
        store.close();
        store = open(settings(folder).withTuning(resting(Duration.ofMillis(500))));
        BodyRef before = store(randomBytes(100));
        disk.failNextForce();
        assertThatThrownBy(() -> store(randomBytes(200)))
                .isInstanceOf(StoreUnavailableException.class);
        await().until(() -> store.usableSpace() > 0);
        BodyRef after = store(randomBytes(300));

        assertThat(after.key()).isNotEqualTo(before.key());
        assertThat(read(before)).isEqualTo(randomBytes(100));
        assertThat(read(after)).isEqualTo(randomBytes(300));
        assertThat(store.statistics().failures()).isEqualTo(1);
        assertThat(store.statistics().refused()).isEqualTo(1);
    }

    @Test
    void aFolderThatFailsIsLeftToTheOthers(@TempDir Path second) throws Exception {
        store.close();
        store = open(settings(folder, second));
        BodyRef first = store(randomBytes(100));
        disk.failNextForce();
        BodyRef next = store(randomBytes(200));

        assertThat(placeOf(next)).isNotEqualTo(placeOf(first));
        assertThat(read(first)).isEqualTo(randomBytes(100));
        assertThat(read(next)).isEqualTo(randomBytes(200));
    }

    @Test
    void withNoFolderLeftTheStoreIsUnavailableAndTriesAgainLater() throws Exception {
        store.close();
        store = open(settings(folder).withTuning(resting(Duration.ofMillis(200))));
        disk.failAll(true);
        assertThatThrownBy(() -> store(new byte[10])).isInstanceOf(StoreUnavailableException.class);
        assertThat(store.usableSpace()).isZero();
        disk.failAll(false);
        await().until(() -> store.usableSpace() > 0);
        assertThat(read(store(randomBytes(10)))).isEqualTo(randomBytes(10));
    }

    @Test
    void aFolderThatIsGoneIsNotABodyThatIsMissing() throws Exception {
        BodyRef ref = storeUncached(randomBytes(100));
        Path elsewhere = folder.resolveSibling(folder.getFileName() + "-unmounted");
        Files.move(folder, elsewhere);
        assertThatThrownBy(() -> read(ref)).isInstanceOf(StoreUnavailableException.class);

        Files.createDirectories(folder);
        assertThatThrownBy(() -> read(ref)).isInstanceOf(StoreUnavailableException.class);

        Files.delete(folder);
        Files.move(elsewhere, folder);
        assertThat(read(ref)).isEqualTo(randomBytes(100));
    }

    @Test
    void nothingIsWrittenWhereTheFolderWas() throws Exception {
        store(randomBytes(100));
        Path elsewhere = folder.resolveSibling(folder.getFileName() + "-unmounted");
        Files.move(folder, elsewhere);
        Files.createDirectories(folder);
        now = now.plus(Duration.ofMinutes(10));
        assertThatThrownBy(() -> store(randomBytes(100)))
                .isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> store(store, Generation.PRIMARY, randomBytes(2 * MIB)))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(files()).isEmpty();

        Files.delete(folder);
        Files.move(elsewhere, folder);
    }

    @Test
    void aMailThatCannotBeStoredCostsNoOther() throws Exception {
        BodyRef before = store(randomBytes(100));
        try (BodyWriter writer = store.begin(Generation.PRIMARY, WAIT)) {
            writer.write(new byte[10], 0, 10);
            assertThatThrownBy(() -> writer.commit("x".repeat(300), new byte[1], DEADLINE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        BodyRef after = store(randomBytes(200));
        assertThat(after.key()).isEqualTo(before.key());
        assertThat(items(fileOf(after))).containsExactly(entry(before), entry(after));
    }

    @Test
    void aLargeBodyTooLateLeavesNothing() throws Exception {
        disk.hang();
        byte[] body = randomBytes(2 * MIB);
        try (BodyWriter writer = store.begin(Generation.PRIMARY, WAIT)) {
            writer.write(body, 0, body.length);
            assertThatThrownBy(() -> writer.commit(MAIL_ID, new byte[1], Duration.ofMillis(100)))
                    .isInstanceOf(StoreUnavailableException.class);
            await().until(() -> disk.hanging() == 1);
        } finally {
            disk.goOn();
        }
        await().until(() -> bytesFound() == 0);
        await().until(() -> budget.used() == 0);
    }

    @Test
    void aBodyOfAFolderThatIsNotConfiguredIsNotMissing(@TempDir Path second) throws Exception {
        try (BodyStore other = open(settings(second))) {
            BodyRef ref = store(other, Generation.PRIMARY, randomBytes(10));
            assertThatThrownBy(() -> read(ref)).isInstanceOf(StoreUnavailableException.class);
        }
        assertThatThrownBy(() -> read(new BodyRef("../../etc/passwd", 0, 10, 0)))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void anIoErrorIsNotAMissingBody() throws Exception {
        BodyRef small = storeUncached(randomBytes(100));
        BodyRef large = store(randomBytes(2 * MIB));
        disk.failAll(true);
        assertThatThrownBy(() -> read(small)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> read(large)).isInstanceOf(StoreUnavailableException.class);
        disk.failAll(false);
        assertThat(read(small)).isEqualTo(randomBytes(100));
    }

    @Test
    void aDiskThatFailsWhileALargeBodyIsSentIsNotTheReceiversFault() throws Exception {
        BodyRef ref = store(randomBytes(2 * MIB));
        try (StoredBody body = store.open(ref)) {
            disk.failAll(true);
            assertThatThrownBy(() -> body.writeTo(OutputStream.nullOutputStream()))
                    .isInstanceOf(UnreadableBodyIOException.class);
        } finally {
            disk.failAll(false);
        }
    }

    @Test
    void aTornSegmentIsACorruptBody() throws Exception {
        BodyRef ref = storeUncached(randomBytes(100));
        try (FileChannel file = FileChannel.open(fileOf(ref), StandardOpenOption.WRITE)) {
            file.truncate(ref.offset() + 50);
        }
        assertThatThrownBy(() -> read(ref)).isInstanceOf(CorruptBodyException.class);
    }

    @Test
    void belowTheFloorBodiesAreRefused() throws Exception {
        store.close();
        store = open(settings(folder).withFreeSpaceFloor(Long.MAX_VALUE / 2));
        assertThat(store.usableSpace()).isZero();
        try (BodyWriter writer = store.begin(Generation.PRIMARY, WAIT)) {
            assertThatThrownBy(() -> writer.write(new byte[1], 0, 1))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("floor");
        }
    }

    @Test
    void aFullDiskIsLeftToTheOthers(@TempDir Path second) throws Exception {
        store.close();
        store = open(settings(folder, second));
        disk.full(folder);
        for (int i = 0; i < 5; i++) {
            BodyRef ref = store(randomBytes(1000));
            assertThat(fileOf(ref, second)).exists();
        }
    }

    @Test
    void acceptedMailMayMoveToAnotherGenerationBelowTheFloor() throws Exception {
        long free = Files.getFileStore(folder).getUsableSpace();
        store.close();
        // What is free is less than the floor, and more than half of it.
        store = open(settings(folder).withFreeSpaceFloor(free + free / 2));
        assertThatThrownBy(() -> store(randomBytes(100)))
                .isInstanceOf(StoreUnavailableException.class);
        BodyRef ref = store(store, Generation.DEFERRED, randomBytes(100));
        assertThat(read(ref)).isEqualTo(randomBytes(100));
        BodyRef large = store(store, Generation.DEFERRED, randomBytes(2 * MIB));
        assertThat(read(large)).isEqualTo(randomBytes(2 * MIB));
    }

    @Test
    void aDiskThatIsReallyFullRefusesAndServesAgainWhenThereIsSpace(@TempDir Path mount)
            throws Exception {
        boolean mounted = mountTmpfs(mount);
        assertThat(mounted || !Boolean.getBoolean("posthaste.strict"))
                .as("a strict run can mount a tmpfs")
                .isTrue();
        assumeTrue(mounted, "needs root and a tmpfs that can be mounted");
        try (FileBodyStore full =
                open(settings(mount).withTuning(resting(Duration.ofMillis(100))))) {
            BodyRef first = store(full, Generation.PRIMARY, randomBytes(1000));
            Path ballast = mount.resolve("ballast");
            fill(ballast);
            assertThatThrownBy(() -> store(full, Generation.PRIMARY, randomBytes(60_000)))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> store(full, Generation.PRIMARY, randomBytes(3 * MIB)))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThat(read(full, first)).isEqualTo(randomBytes(1000));

            Files.delete(ballast);
            await().until(() -> full.usableSpace() > MIB);
            BodyRef after = store(full, Generation.PRIMARY, randomBytes(60_000));
            assertThat(read(full, after)).isEqualTo(randomBytes(60_000));
        } finally {
            run("umount", mount.toString());
        }
        assertThat(budget.used()).isEqualTo(store.statistics().cachedBytes());
    }

    @Test
    void remainsOfADeadProcessAreDeletedWhenOldEnough() throws Exception {
        Path unfinished = folder.resolve(".unfinished");
        Path old = Files.writeString(unfinished.resolve("old-1"), "half a bo", UTF_8);
        Path young = Files.writeString(unfinished.resolve("young-1"), "half a bo", UTF_8);
        Files.setLastModifiedTime(old, FileTime.from(now.minus(Duration.ofHours(3))));
        Files.setLastModifiedTime(young, FileTime.from(now.minus(Duration.ofHours(1))));
        open(settings(folder)).close();

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void aFolderListedTwiceIsRefused(@TempDir Path links) throws Exception {
        Path link = Files.createSymbolicLink(links.resolve("same"), folder);
        assertThatThrownBy(() -> open(settings(folder, link)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the same");
    }

    @Test
    void nobodyElseMayReadBodies(@TempDir Path fresh) throws Exception {
        open(settings(fresh.resolve("data/bodies"))).close();
        assertThat(Files.getPosixFilePermissions(fresh.resolve("data/bodies")))
                .containsExactlyInAnyOrder(OWNER_READ, OWNER_WRITE, OWNER_EXECUTE);
    }

    @Test
    void anUnusableFolderIsNamedAtStart() throws Exception {
        Path file = Files.writeString(folder.resolve("a-file"), "x", UTF_8);
        assertThatThrownBy(() -> open(settings(file)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the body folder " + file + " cannot be used");
    }

    @Test
    void anEmptiedSlotIsRemovedSoThatAPowerCutBringsNoneBack() throws Exception {
        BodyRef small = store(randomBytes(100));
        BodyRef large = store(randomBytes(2 * MIB));
        Path slot = fileOf(small).getParent();
        passSlot();

        inventory().delete(List.of(BodyKey.parse(small.key())));
        assertThat(slot).exists();
        assertThat(disk.isFolderForced(slot)).isTrue();

        inventory().delete(List.of(BodyKey.parse(large.key())));
        assertThat(slot).doesNotExist();
        assertThat(slot.getParent()).exists();
        assertThat(disk.isFolderForced(slot.getParent())).isTrue();
    }

    @Test
    void aSegmentThatALaneStillHasOpenGoesOnlyWhenItIsClosed() throws Exception {
        BodyRef seldom = store(store, Generation.DEFERRED, randomBytes(100));
        BodyRef busy = store(randomBytes(100));
        passSlot();
        disk.hang();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            now = now.minus(Duration.ofMinutes(10));
            Future<BodyRef> late = threads.submit(() -> store(randomBytes(200)));
            await().until(() -> disk.hanging() == 1);
            passSlot();

            List<BodyKey> keys = List.of(BodyKey.parse(busy.key()), BodyKey.parse(seldom.key()));
            assertThatThrownBy(() -> inventory().delete(keys))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("still written to");
            assertThat(fileOf(busy)).exists();
            assertThat(fileOf(seldom)).as("nobody is writing to it").doesNotExist();

            disk.goOn();
            assertThat(read(late.get())).isEqualTo(randomBytes(200));
            assertThat(late.get().key()).isEqualTo(busy.key());
            inventory().delete(keys);
            assertThat(fileOf(busy)).doesNotExist();
        } finally {
            disk.goOn();
        }
    }

    @Test
    void anOpenSegmentOfAnotherProcessIsListedAndNotRemoved() throws Exception {
        BodyRef ref = store(randomBytes(100));
        try (FileBodyStore other = open(settings(folder))) {
            List<String> keys = new ArrayList<>();
            other.visit(object -> keys.add(object.key().toString()));
            assertThat(keys).containsExactly(ref.key());
            List<BodyKey> open = List.of(BodyKey.parse(ref.key()));
            assertThatThrownBy(() -> other.delete(open))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("not past");
        }
        assertThat(read(store(randomBytes(300)))).isEqualTo(randomBytes(300));
    }

    @Test
    void theDiskSaysWhenAnObjectWasWrittenToWhateverTheWritersClockSays() throws Exception {
        Instant before = Files.getLastModifiedTime(folder).toInstant().minusSeconds(1);
        now = Instant.parse("2020-01-01T00:00:00Z");
        BodyRef ref = store(randomBytes(100));

        List<Instant> modified = new ArrayList<>();
        inventory().visit(object -> modified.add(object.modified()));

        assertThat(ref.key()).startsWith("primary/20200101T000000/");
        assertThat(modified).containsExactly(Files.getLastModifiedTime(fileOf(ref)).toInstant());
        assertThat(modified.getFirst()).isAfterOrEqualTo(before);
    }

    @Test
    void foreignFilesArePassedOver() throws Exception {
        BodyRef ref = store(randomBytes(100));
        Path slot = fileOf(ref).getParent();
        Files.writeString(slot.resolve("notes.TXT"), "x", UTF_8);
        Files.writeString(slot.resolve("copy-1.elsewhere"), "x", UTF_8);
        Files.writeString(folder.resolve("readme"), "x", UTF_8);
        Files.createDirectories(folder.resolve("primary/not-a-slot/deeper"));
        Files.writeString(folder.resolve("primary/not-a-slot/a-1.f0"), "x", UTF_8);
        Files.createDirectories(folder.resolve("20261122T081000"));
        Files.createDirectories(folder.resolve("lost+found/20261122T081000"));
        Files.createDirectory(slot.resolve("a-1.f0"));
        Files.createSymbolicLink(slot.resolve("b-1.f0"), folder.resolve("nowhere"));

        assertThat(keysListed()).containsExactly(ref.key());
        passSlot();
        inventory().delete(List.of(BodyKey.parse(ref.key())));
        assertThat(slot.resolve("notes.TXT")).as("is not ours").exists();
    }

    @Test
    void everyFolderIsListedAndCleaned(@TempDir Path second) throws Exception {
        store.close();
        store = open(settings(folder, second).withTuning(tuning(2, Duration.ofSeconds(5))));
        List<BodyRef> refs = new ArrayList<>();
        while (refs.stream().map(FileBodyStoreTest::placeOf).distinct().count() < 2) {
            refs.add(store(randomBytes(2 * MIB)));
            passSlot();
        }
        assertThat(keysListed())
                .containsExactlyInAnyOrderElementsOf(refs.stream().map(BodyRef::key).toList());

        inventory().delete(refs.stream().map(ref -> BodyKey.parse(ref.key())).toList());
        assertThat(keysListed()).isEmpty();
        assertThat(bytesFound()).isZero();
    }

    @Test
    void aFolderThatIsAwayIsNotAShortList(@TempDir Path second) throws Exception {
        store.close();
        store = open(settings(folder, second));
        BodyRef ref = store(randomBytes(2 * MIB));
        passSlot();
        Path away = placeOf(ref).equals(FolderId.read(folder)) ? folder : second;
        Path elsewhere = away.resolveSibling(away.getFileName() + "-unmounted");
        Files.move(away, elsewhere);
        List<BodyKey> keys = List.of(BodyKey.parse(ref.key()));
        for (boolean mountPoint : new boolean[] {false, true}) {
            if (mountPoint) {
                Files.createDirectories(away);
            }
            assertThatThrownBy(this::keysListed).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> inventory().delete(keys))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> itemsOf(ref)).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> inventory().deleteUnfinished(now))
                    .isInstanceOf(StoreUnavailableException.class);
        }
        Files.delete(away);
        Files.move(elsewhere, away);
        assertThat(keysListed()).containsExactly(ref.key());
    }

    @Test
    void aDiskThatFailsIsNeitherAnEmptyListNorAMissingObject() throws Exception {
        BodyRef ref = store(randomBytes(100));
        passSlot();
        disk.failAll(true);
        assertThatThrownBy(this::keysListed).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> itemsOf(ref)).isInstanceOf(StoreUnavailableException.class);
        List<BodyKey> keys = List.of(BodyKey.parse(ref.key()));
        assertThatThrownBy(() -> inventory().delete(keys))
                .isInstanceOf(StoreUnavailableException.class);
        disk.failAll(false);
        inventory().delete(keys);
        assertThat(keysListed()).isEmpty();
    }

    @Test
    void theRemainsOfADeadProcessGoWhileOthersRun() throws Exception {
        Path old = Files.writeString(folder.resolve(".unfinished/old-1"), "half a bo", UTF_8);
        Files.setLastModifiedTime(old, FileTime.from(now.minus(Duration.ofMinutes(61))));

        assertThat(inventory().deleteUnfinished(now.minus(Duration.ofHours(2)))).isZero();
        assertThat(inventory().deleteUnfinished(now.minus(Duration.ofHours(1)))).isEqualTo(1);
        assertThat(old).doesNotExist();
    }

    private FileBodyStore open(FileBodyStoreSettings settings) throws IOException {
        return new FileBodyStore(settings, budget, clock, disk);
    }

    /**
     * With one lane: else a second one steps in, and begins a segment, when the machine is slow.
     */
    private static FileBodyStoreSettings settings(Path... folders) {
        return FileBodyStoreSettings.of(List.of(folders))
                .withFreeSpaceFloor(0)
                .withTuning(tuning(1, Duration.ofSeconds(5)));
    }

    private static FileBodyStoreSettings.Tuning resting(Duration rest) {
        return tuning(1, rest);
    }

    private static FileBodyStoreSettings.Tuning tuning(int lanes, Duration rest) {
        var usual = FileBodyStoreSettings.Tuning.DEFAULT;
        return new FileBodyStoreSettings.Tuning(
                usual.smallBody(),
                lanes,
                usual.batchSize(),
                usual.patience(),
                usual.diskWait(),
                rest,
                usual.unfinishedAge());
    }

    private static boolean mountTmpfs(Path at) throws Exception {
        return run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", at.toString());
    }

    private static boolean run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < 100_000; i++) {
                out.write(new byte[4096]);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private Stream<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all
                    .filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith(".posthaste-bodies"))
                    .toList()
                    .stream();
        }
    }

    private Path fileOf(BodyRef ref) {
        return fileOf(ref, folder);
    }

    private static Path fileOf(BodyRef ref, Path root) {
        return root.resolve(ref.key());
    }

    private static String placeOf(BodyRef ref) {
        return BodyKey.parse(ref.key()).place();
    }

    private static SegmentItem.Entry entry(BodyRef ref) {
        return new SegmentItem.Entry(
                MAIL_ID,
                ByteBuffer.wrap(new byte[] {1, 2, 3}),
                ref.offset(),
                ref.length(),
                ref.crc32c(),
                true);
    }

    private static List<SegmentItem> items(Path file) throws IOException {
        List<SegmentItem> items = new ArrayList<>();
        SegmentReader.read(new BytesSource(Files.readAllBytes(file)), items::add);
        return items;
    }
}
