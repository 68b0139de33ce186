package posthaste.service.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.mail.envelope.MailId;
import posthaste.mail.record.Event;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueuedRecord;
import posthaste.queue.RecordHandler;
import posthaste.queue.Settlement;

class StorageGuardTest {
    private static final Path BODIES = Path.of("bodies");
    private static final Path BROKER = Path.of("broker");
    private static final QueuedRecord RECORD =
            new QueuedRecord(
                    "mail.events",
                    0,
                    0,
                    Instant.EPOCH,
                    new Event(
                            MailId.derived(Instant.EPOCH, "a test"),
                            Instant.EPOCH,
                            Optional.empty(),
                            List.of()));

    private final Map<Path, Long> disks =
            new ConcurrentHashMap<>(Map.of(BODIES, 2000L, BROKER, 2000L));
    private Instant now = Instant.EPOCH;
    private final StorageGuard guard =
            new StorageGuard(
                    List.of(BODIES, BROKER), 1000, Duration.ofSeconds(1), () -> now, this::free);
    private final RecordHandler guarded = guard.guarding(_ -> Settlement.nothing());

    @Test
    void aboveTheFloorEverythingGoesOn() throws Exception {
        assertThat(guard.acceptsMail()).isTrue();
        assertThat(guarded.handle(RECORD)).isEqualTo(Settlement.nothing());
    }

    @Test
    void belowTheFloorNothingNewIsAcceptedButWhatIsAcceptedGoesOn() throws Exception {
        disks.put(BROKER, 999L);
        aSecondPasses();

        assertThat(guard.acceptsMail()).isFalse();
        assertThat(guarded.handle(RECORD)).isEqualTo(Settlement.nothing());
    }

    @Test
    void belowHalfOfTheFloorRecordsWait() {
        disks.put(BODIES, 499L);
        aSecondPasses();

        assertThat(guard.acceptsMail()).isFalse();
        assertThatThrownBy(() -> guarded.handle(RECORD))
                .isInstanceOf(PartUnavailableException.class)
                .hasMessageContaining("499");
    }

    @Test
    void roomThatCameBackIsSeen() throws Exception {
        disks.put(BODIES, 0L);
        aSecondPasses();
        assertThat(guard.acceptsMail()).isFalse();

        disks.put(BODIES, 1000L);
        aSecondPasses();

        assertThat(guard.acceptsMail()).isTrue();
    }

    @Test
    void oneLookCountsForASecond() {
        disks.put(BODIES, 0L);

        assertThat(guard.acceptsMail()).isTrue();
    }

    @Test
    void aDiskThatDoesNotAnswerHasNoRoom() {
        disks.remove(BROKER);
        aSecondPasses();

        assertThat(guard.room()).isEqualTo(StorageGuard.Room.NONE);
        assertThat(guard.free()).isZero();
    }

    @Test
    void aFolderThatIsStillToBeMadeIsAskedForByItsParent(@TempDir Path folder) throws Exception {
        assertThat(StorageGuard.usableSpace(folder.resolve("a/b")))
                .isPositive()
                .isCloseTo(
                        Files.getFileStore(folder).getUsableSpace(),
                        org.assertj.core.data.Percentage.withPercentage(10));
    }

    private void aSecondPasses() {
        now = now.plusSeconds(1);
    }

    private long free(Path folder) throws IOException {
        Long free = disks.get(folder);
        if (free == null) {
            throw new IOException("no such disk");
        }
        return free;
    }
}
