package posthaste.acceptance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.testing.FreePort;
import posthaste.testing.Requires;

/** Postfix's own load generator and sink, with Posthaste between them. */
@Tag("full")
class LoadIT {
    private static final int MAILS = 20_000;
    private static final Pattern COUNTED = Pattern.compile("mesg=(\\d+)");

    @TempDir static Path temp;

    @Test
    void twentyThousandMailsAllArriveOnce() throws Exception {
        Path source = Requires.program("smtp-source");
        Path sink = Requires.program("smtp-sink");
        int sinkPort = FreePort.tcp();
        Path counted = temp.resolve("sink.out");
        List<String> sinkCommand = new ArrayList<>(List.of(sink.toString(), "-4", "-c"));
        if (System.getProperty("user.name").equals("root")) {
            sinkCommand.addAll(List.of("-u", "nobody"));
        }
        sinkCommand.addAll(List.of("127.0.0.1:" + sinkPort, "1000"));
        Process receiving =
                new ProcessBuilder(sinkCommand).redirectOutput(counted.toFile()).start();
        try (RunningPosthaste posthaste =
                RunningPosthaste.on(temp.resolve("data"))
                        .relayingTo("127.0.0.1:" + sinkPort)
                        .javaOptions("-Xmx512m")
                        .start()) {
            long begin = System.nanoTime();
            Process sending =
                    new ProcessBuilder(
                                    source.toString(),
                                    "-4",
                                    "-N",
                                    "-s",
                                    "50",
                                    "-m",
                                    String.valueOf(MAILS),
                                    "-l",
                                    "10240",
                                    "-f",
                                    "sender@client.test",
                                    "-t",
                                    "user@dest.test",
                                    "127.0.0.1:" + posthaste.smtpPort())
                            .inheritIO()
                            .start();
            assertThat(sending.waitFor(180, TimeUnit.SECONDS)).isTrue();
            assertThat(sending.exitValue()).isZero();
            await().atMost(120, SECONDS).until(() -> counted(counted) >= MAILS);
            System.out.printf("%d mails in %.1f s%n", MAILS, (System.nanoTime() - begin) / 1e9);

            await().atMost(60, SECONDS)
                    .untilAsserted(() -> {
                        var audit = posthaste.rest().audit();
                        assertThat(audit.get("accepted").asInt()).isEqualTo(MAILS);
                        assertThat(audit.get("delivered").asInt()).isEqualTo(MAILS);
                        assertThat(audit.get("queued").asInt()).isZero();
                        assertThat(audit.get("unaccounted").asInt()).isZero();
                    });
            // As many as were sent, and each of them delivered: so none twice.
            assertThat(counted(counted)).isEqualTo(MAILS);
        } finally {
            receiving.destroy();
            receiving.waitFor();
        }
    }

    /** smtp-sink rewrites one line of counters, the last of which counts. */
    private static int counted(Path output) throws IOException {
        Matcher matcher = COUNTED.matcher(Files.readString(output));
        int last = 0;
        while (matcher.find()) {
            last = Integer.parseInt(matcher.group(1));
        }
        return last;
    }
}
