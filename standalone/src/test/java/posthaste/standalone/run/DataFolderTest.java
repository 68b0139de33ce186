package posthaste.standalone.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.service.settings.StartRefusedException;

class DataFolderTest {
    @TempDir Path temp;

    @Test
    void aMissingFolderIsMadeAndMarked() throws IOException {
        Path path = temp.resolve("deep/down here");

        try (DataFolder folder = DataFolder.claim(path)) {
            assertThat(folder.path()).isEqualTo(path.toAbsolutePath());
            assertThat(Files.readString(path.resolve("posthaste.version")))
                    .isEqualTo("posthaste data folder, format 1\n");
        }
    }

    @Test
    void whatItHeldIsFoundAgain() throws IOException {
        DataFolder.claim(temp).close();
        Files.createDirectory(temp.resolve("bodies"));

        DataFolder.claim(temp).close();
    }

    @Test
    void aFreshFileSystemCounts() throws IOException {
        Files.createDirectory(temp.resolve("lost+found"));

        DataFolder.claim(temp).close();
    }

    @Test
    void thePidFileNamesTheRunningProcessAndWhereItListens() throws IOException {
        Path pidFile = temp.resolve("posthaste.pid");
        try (DataFolder folder = DataFolder.claim(temp)) {
            assertThat(Files.readString(pidFile).strip())
                    .isEqualTo(String.valueOf(ProcessHandle.current().pid()));
            folder.announce("Posthaste is ready.");
            assertThat(Files.readAllLines(pidFile)).last().isEqualTo("Posthaste is ready.");
        }
        assertThat(pidFile).isEmptyFile();
    }

    @Test
    void aFolderInUseIsRefused() {
        try (DataFolder _ = DataFolder.claim(temp)) {
            assertThatThrownBy(() -> DataFolder.claim(temp))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessage(
                            "the data folder %s is in use by a running Posthaste (pid %d).",
                            temp, ProcessHandle.current().pid());
        }
    }

    @Test
    void aFolderOfSomebodyElseIsRefusedAndLeftAlone() throws IOException {
        Files.createFile(temp.resolve("thesis.tex"));

        assertThatThrownBy(() -> DataFolder.claim(temp))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("not Posthaste's");
        assertThat(temp.resolve("posthaste.pid")).doesNotExist();
    }

    @Test
    void aFolderOfAnotherVersionIsRefused() throws IOException {
        Files.writeString(temp.resolve("posthaste.version"), "posthaste data folder, format 2\n");

        assertThatThrownBy(() -> DataFolder.claim(temp))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("another version (\"posthaste data folder, format 2\"");
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));

        assertThatThrownBy(() -> DataFolder.claim(file))
                .isInstanceOf(StartRefusedException.class)
                .hasMessage("the data folder %s is not a folder.", file);
    }

    @Test
    void aFolderThatCannotBeMadeIsRefused() {
        Path path = Path.of("/proc/posthaste");

        assertThatThrownBy(() -> DataFolder.claim(path))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageStartingWith("the data folder /proc/posthaste cannot be made: ");
    }
}
