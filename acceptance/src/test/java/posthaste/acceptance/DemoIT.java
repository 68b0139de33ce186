package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stranger's first look. */
class DemoIT {
    @TempDir Path temp;

    @Test
    void theDemoTellsThreeStoriesAndTidiesUp() throws Exception {
        ProcessBuilder builder =
                Launcher.call("demo", "--exit")
                        .directory(temp.toFile())
                        .redirectError(temp.resolve("err").toFile())
                        .redirectOutput(temp.resolve("out").toFile());
        builder.environment()
                .put("POSTHASTE_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=" + temp);
        Process demo = builder.start();
        try {
            assertThat(demo.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            demo.destroyForcibly();
        }
        assertThat(temp.resolve("err")).isEmptyFile();
        assertThat(demo.exitValue()).isZero();
        assertThat(temp.resolve("out"))
                .content(UTF_8)
                .containsSubsequence(
                        "accepted",
                        "delivered",
                        "accepted",
                        "deferred",
                        "delivered",
                        "accepted",
                        "bounced")
                .contains("Action: failed")
                .contains("http://127.0.0.1:");
        assertThat(temp.toFile().list((_, name) -> name.startsWith("posthaste-demo"))).isEmpty();
    }
}
