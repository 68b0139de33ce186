package posthaste.service.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;
import posthaste.service.settings.StartRefusedException;

/** Files change in all the ways in which editors and deployments change them. */
class ReloadedFileTest {
    @TempDir private Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FileWatch watch = new FileWatch(Duration.ofHours(1), registry);

    @Test
    void aWrongFileStopsTheStartWithFileLineAndReason() throws Exception {
        Path file = write("users", "1\n2\nthree\n");

        assertThatThrownBy(() -> watch.watch("users", file, ReloadedFileTest::numbers))
                .isInstanceOf(StartRefusedException.class)
                .hasMessage("The users file is wrong: " + file + ", line 3: 'three' is no number.");
    }

    @Test
    void aMissingFileStopsTheStart() {
        Path file = folder.resolve("absent");

        assertThatThrownBy(() -> watch.watch("users", file, ReloadedFileTest::numbers))
                .isInstanceOf(StartRefusedException.class)
                .hasMessage("The users file cannot be read: " + file + ": there is no such file.");
    }

    @Test
    void aChangeIsTakenOnceItHasStoodStillFromOneLookToTheNext() throws Exception {
        Path file = write("users", "1\n");
        ReloadedFile<List<Integer>> users = watch.watch("users", file, ReloadedFileTest::numbers);

        Files.writeString(file, "1\n2\n");
        watch.look();
        assertThat(users.current()).containsExactly(1);
        watch.look();

        assertThat(users.current()).containsExactly(1, 2);
        assertThat(changes("loaded")).isEqualTo(2);
    }

    @Test
    void anEditorThatTruncatesFirstIsNotMetHalfWay() throws Exception {
        Path file = write("users", "1\n");
        ReloadedFile<List<Integer>> users = watch.watch("users", file, ReloadedFileTest::numbers);

        Files.writeString(file, "");
        watch.look();
        Files.writeString(file, "7\n");
        watch.look();
        assertThat(users.current()).containsExactly(1);
        watch.look();

        assertThat(users.current()).containsExactly(7);
    }

    @Test
    void aFileRenamedOverTheOldOneIsSeenEvenWithTheSameSizeAndTime() throws Exception {
        Path file = write("users", "1\n");
        FileTime time = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        Files.setLastModifiedTime(file, time);
        ReloadedFile<List<Integer>> users = watch.watch("users", file, ReloadedFileTest::numbers);

        Path other = write("users.new", "2\n");
        Files.setLastModifiedTime(other, time);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        lookTwice();

        assertThat(users.current()).containsExactly(2);
    }

    @Test
    void aConfigMapThatKubernetesSwapsIsSeen() throws Exception {
        Path first = Files.createDirectory(folder.resolve("..2026_01"));
        Path second = Files.createDirectory(folder.resolve("..2026_02"));
        Files.writeString(first.resolve("users"), "1\n");
        Files.writeString(second.resolve("users"), "2\n");
        Path data = folder.resolve("..data");
        Files.createSymbolicLink(data, first.getFileName());
        Path file = folder.resolve("users");
        Files.createSymbolicLink(file, Path.of("..data/users"));
        ReloadedFile<List<Integer>> users = watch.watch("users", file, ReloadedFileTest::numbers);

        Path swap = folder.resolve("..data_tmp");
        Files.createSymbolicLink(swap, second.getFileName());
        Files.move(swap, data, StandardCopyOption.ATOMIC_MOVE);
        lookTwice();

        assertThat(users.current()).containsExactly(2);
    }

    @Test
    void aWrongChangeIsRefusedOnceAndTheOldValueStaysUntilItIsMended() throws Exception {
        Path file = write("users", "1\n");
        ReloadedFile<List<Integer>> users = watch.watch("users", file, ReloadedFileTest::numbers);

        Files.writeString(file, "1\nx\n");
        lookTwice();
        lookTwice();
        assertThat(users.current()).containsExactly(1);
        assertThat(changes("refused")).isEqualTo(1);
        assertThat(inForce()).isZero();

        Files.writeString(file, "1\n3\n");
        lookTwice();
        assertThat(users.current()).containsExactly(1, 3);
        assertThat(inForce()).isEqualTo(1);
    }

    @Test
    void aFileThatGoesLeavesItsValueAndIsReadWhenItComesBack() throws Exception {
        Path file = write("users", "1\n");
        ReloadedFile<List<Integer>> users = watch.watch("users", file, ReloadedFileTest::numbers);

        Files.delete(file);
        watch.look();
        assertThat(changes("refused")).as("gone for a moment").isZero();
        lookTwice();
        assertThat(changes("refused")).isEqualTo(1);
        assertThat(users.current()).containsExactly(1);

        write("users", "4\n");
        lookTwice();
        assertThat(users.current()).containsExactly(4);
        assertThat(inForce()).isEqualTo(1);
    }

    @Test
    void aFolderIsReadAgainWhenAFileInItComesOrChanges() throws Exception {
        Path keys = Files.createDirectory(folder.resolve("keys"));
        Files.writeString(keys.resolve("a"), "1\n");
        ReloadedFile<List<Integer>> numbers = watch.watch("keys", keys, ReloadedFileTest::folder);

        Files.writeString(keys.resolve("b"), "2\n");
        lookTwice();
        assertThat(numbers.current()).containsExactly(1, 2);
        Files.writeString(keys.resolve("a"), "10\n");
        lookTwice();
        assertThat(numbers.current()).containsExactly(10, 2);
    }

    @Test
    void aDefectInTheParserLeavesTheOldValueInForce() throws Exception {
        Path file = write("users", "1\n");
        AtomicInteger reads = new AtomicInteger();
        ReloadedFile<Integer> users =
                watch.watch(
                        "users",
                        file,
                        _ -> {
                            if (reads.incrementAndGet() > 1) {
                                throw new IllegalStateException("a defect");
                            }
                            return 1;
                        });

        Files.writeString(file, "1\n2\n");
        lookTwice();
        lookTwice();

        assertThat(users.current()).isEqualTo(1);
        assertThat(reads).as("is not tried again and again").hasValue(2);
        assertThat(changes("refused")).isEqualTo(1);
    }

    @Test
    void theWatchLooksByItself() throws Exception {
        Path file = write("users", "1\n");
        try (FileWatch busy = new FileWatch(Duration.ofMillis(20), registry)) {
            ReloadedFile<List<Integer>> users =
                    busy.watch("users", file, ReloadedFileTest::numbers);
            busy.start();
            Files.writeString(file, "5\n6\n");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(users.current()).containsExactly(5, 6));
        }
    }

    @Test
    void aTextThatIsNotUtf8IsRefusedWithItsLine() throws Exception {
        Path file = folder.resolve("latin");
        Files.write(file, new byte[] {'a', '\n', 'b', '\n', (byte) 0xe9, '\n'});

        WrongFileException wrong =
                catchThrowableOfType(
                        WrongFileException.class,
                        () -> TextFile.read(file, DataSize.ofKilobytes(1)));

        assertThat(wrong.line()).isEqualTo(3);
        assertThat(wrong.reason()).isEqualTo("is not UTF-8");
    }

    @Test
    void aTextThatEndsWithinACharacterIsRefused() throws Exception {
        Path file = folder.resolve("cut");
        Files.write(file, new byte[] {'a', '\n', (byte) 0xc3});

        assertThatThrownBy(() -> TextFile.read(file, DataSize.ofKilobytes(1)))
                .hasMessage(file + ", line 2: is not UTF-8");
    }

    @Test
    void aTextThatIsTooLargeIsRefused() throws Exception {
        Path file = write("large", "x".repeat(1025));

        assertThatThrownBy(() -> TextFile.read(file, DataSize.ofKilobytes(1)))
                .hasMessage(file + ": is larger than 1024 bytes");
        assertThat(TextFile.read(file, DataSize.ofBytes(1025))).hasSize(1025);
    }

    private void lookTwice() {
        watch.look();
        watch.look();
    }

    private double changes(String outcome) {
        return registry.get("posthaste.reload.changes").tag("outcome", outcome).counter().count();
    }

    private double inForce() {
        return registry.get("posthaste.reload.in.force").gauge().value();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static List<Integer> numbers(Path file) throws IOException, WrongFileException {
        List<Integer> numbers = new ArrayList<>();
        List<String> lines = TextFile.read(file, DataSize.ofKilobytes(1)).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).matches("\\d+")) {
                throw WrongFileException.at(file, i + 1, "'" + lines.get(i) + "' is no number");
            }
            numbers.add(Integer.valueOf(lines.get(i)));
        }
        return List.copyOf(numbers);
    }

    private static List<Integer> folder(Path folder) throws IOException, WrongFileException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.sorted().toList();
        }
        List<Integer> numbers = new ArrayList<>();
        for (Path file : files) {
            numbers.addAll(numbers(file));
        }
        return List.copyOf(numbers);
    }
}
