package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever keeps it from starting is told in one sentence. */
class RefusedStartIT {
    @TempDir static Path temp;

    @Test
    void aDataFolderInUseIsRefusedByTheSecond() {
        Path data = temp.resolve("in use");
        try (RunningPosthaste first = RunningPosthaste.on(data).start()) {
            RunningPosthaste.Refusal refusal =
                    RunningPosthaste.on(temp.resolve("second")).with("data-dir", data).refused();

            assertThat(refusal.status()).isEqualTo(1);
            assertThat(refusal.sentence())
                    .isEqualTo(
                            "posthaste: the data folder "
                                    + data
                                    + " is in use by a running Posthaste (pid "
                                    + first.pid()
                                    + ").\n");
            assertThat(first.client().send("NOOP").reply().code()).isEqualTo(250);
        }
    }

    @ParameterizedTest
    @CsvSource({"smtp-port", "web-port"})
    void aPortInUseIsNamed(String option) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertRefused(
                    RunningPosthaste.on(temp.resolve(option)).with(option, taken.getLocalPort()),
                    String.valueOf(taken.getLocalPort()),
                    "in use");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "relay-to                    | no where:25  | posthaste.routing.relay-to | no where",
                "relay-to                    | host:99999   | posthaste.routing.relay-to | 99999",
                "posthaste.retry.tiers       | 5m,1m        | posthaste.retry.tiers      | 5m",
                "posthaste.smtp.max-sessions | many         | posthaste.smtp.max-sessions | many",
                "posthaste.kafka.bootstrap-servers | kafka:9092 | posthaste.kafka.bootstrap-servers | its own broker",
                "posthaste.smtp.no-such      | 1            | posthaste.smtp.no-such     | property",
            })
    @Tag("full")
    void aWrongValueIsNamedWithItsProperty(String option, String value, String name, String more) {
        assertRefused(
                RunningPosthaste.on(temp.resolve("wrong value")).with(option, value), name, more);
    }

    @Test
    void aFolderThatCannotBeUsedIsNamed() throws IOException {
        Path file = Files.writeString(temp.resolve("a file"), "");
        assertRefused(
                RunningPosthaste.on(temp.resolve("x")).with("data-dir", file),
                file.toString(),
                "not a folder");
        Path strangers = Files.createDirectories(temp.resolve("home"));
        Files.writeString(strangers.resolve("diary"), "");
        assertRefused(
                RunningPosthaste.on(temp.resolve("x")).with("data-dir", strangers),
                strangers.toString(),
                "not Posthaste's");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jump              | there is no command 'jump'",
                "run --smtp 25     | run knows no '--smtp'",
                "run --web-port    | --web-port needs a value",
                "stop --data-dir   | --data-dir needs a value",
                "build --fast      | build takes no options",
            })
    void whatIsAskedWronglyIsToldAtOnce(String typed, String sentence) throws Exception {
        Process process = launcher(typed.split(" "));

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
                .startsWith("posthaste: " + sentence)
                .hasLineCount(1);
    }

    @Test
    void statusAndStopKnowTheRunningOne() throws Exception {
        Path data = temp.resolve("status");
        try (RunningPosthaste posthaste = RunningPosthaste.on(data).start()) {
            Process status = launcher("status", "--data-dir", data.toString());
            assertThat(status.waitFor()).isZero();
            assertThat(new String(status.getInputStream().readAllBytes(), UTF_8))
                    .contains(":" + posthaste.smtpPort())
                    .contains("pid " + posthaste.pid());

            assertThat(launcher("stop", "--data-dir=" + data).waitFor()).isZero();
            assertThat(posthaste.isRunning()).isFalse();
            assertThat(launcher("status", "--data-dir", data.toString()).waitFor()).isEqualTo(3);
        }
    }

    private static void assertRefused(RunningPosthaste.Plan plan, String... parts) {
        RunningPosthaste.Refusal refusal = plan.refused();

        assertThat(refusal.status()).isEqualTo(1);
        assertThat(refusal.sentence()).startsWith("posthaste: ").contains(parts).hasLineCount(1);
    }

    private static Process launcher(String... arguments) throws IOException {
        return Launcher.call(arguments).directory(temp.toFile()).start();
    }
}
