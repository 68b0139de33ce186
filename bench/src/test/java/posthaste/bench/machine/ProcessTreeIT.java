package posthaste.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProcessTreeIT {
    @TempDir Path folder;

    @Test
    void whoLeftItsParentAndWorksInTheFolderIsCounted() throws Exception {
        Process root = new ProcessBuilder("sleep", "60").start();
        Optional<ProcessHandle> orphan = Optional.empty();
        try {
            new ProcessBuilder(
                            "setsid",
                            "-f",
                            "sh",
                            "-c",
                            "echo $$ >pid.new; mv pid.new pid; exec sleep 60")
                    .directory(folder.toFile())
                    .start()
                    .waitFor();
            while (!Files.exists(folder.resolve("pid"))) {
                Thread.sleep(20);
            }
            orphan =
                    ProcessHandle.of(
                            Long.parseLong(Files.readString(folder.resolve("pid")).strip()));

            assertThat(orphan).isPresent();
            assertThat(new ProcessTree(root.toHandle()).processes())
                    .containsExactly(root.toHandle());
            assertThat(ProcessTree.of(root.toHandle(), folder).processes())
                    .containsExactly(root.toHandle(), orphan.get());
        } finally {
            orphan.ifPresent(ProcessHandle::destroyForcibly);
            root.destroyForcibly();
        }
    }
}
