package posthaste.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandIT {
    @TempDir Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final PosthasteCommandLine commandLine =
            new PosthasteCommandLine().printingTo(new PrintWriter(out), new PrintWriter(err));

    @Test
    void itTellsByTableJsonAndPicture() throws IOException {
        assertThat(
                        bench(
                                "--relays=direct",
                                "--kinds=fresh,single",
                                "--mails=200",
                                "--warm-up=50",
                                "--rounds=2",
                                "--out=" + folder))
                .isEqualTo(ExitStatus.FINE.code());
        assertThat(out.toString().lines().filter(line -> line.startsWith("Direct, "))).hasSize(4);
        JsonNode runs =
                JsonMapper.shared()
                        .readTree(Files.readString(folder.resolve("bench.json")))
                        .get("runs");
        assertThat(runs.size()).isEqualTo(4);
        for (JsonNode run : runs) {
            assertThat(run.get("accepted").asInt()).isEqualTo(200);
            assertThat(run.get("arrived").asInt()).isEqualTo(200);
            assertThat(run.get("duplicates").asInt()).isZero();
            assertThat(run.get("relayRate").asDouble()).isPositive();
            assertThat(run.get("dotReplyMillis").get("p99").asDouble()).isPositive();
        }
        assertThat(runs.get(1).get("connectionsOut").asInt()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("bench.svg")))
                .startsWith("<svg")
                .contains("Direct, one mail a connection");
    }

    /** A target that refuses everything: what was not relayed is told, and is the exit status. */
    @Test
    void aRelayThatDoesNotTakeTheMailIsTold() throws IOException {
        assertThat(
                        bench(
                                "--target=127.0.0.1:" + nobodysPort(),
                                "--kinds=fresh",
                                "--mails=5",
                                "--warm-up=0",
                                "--patience=1s"))
                .isEqualTo(ExitStatus.FOUND.code());
        assertThat(out.toString()).contains("accepted 0").contains("lost 5").contains("arrived 0");
    }

    @Test
    void whatItDoesNotKnowIsAskedWrongly() {
        assertThat(bench("--relays=sendmail")).isEqualTo(ExitStatus.ASKED_WRONGLY.code());
        assertThat(err.toString()).contains("--relays knows no 'sendmail'");
        assertThat(bench("--target=nowhere")).isEqualTo(ExitStatus.ASKED_WRONGLY.code());
        assertThat(bench("--mails=0")).isEqualTo(ExitStatus.ASKED_WRONGLY.code());
    }

    private static int nobodysPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private int bench(String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "bench";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return commandLine.execute(arguments);
    }
}
