package posthaste.acceptance.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Where a part lives: the address that it listens on, and the command that enters its network.
 *
 * @param address an IPv4 address that no other part has, so that ports can be the same everywhere
 * @param entering put before each command that is to run there; empty on the machine's own network
 */
public record Home(String address, List<String> entering) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    public Home {
        entering = List.copyOf(entering);
    }

    /** The address and a port of it. */
    public String at(int port) {
        return address + ":" + port;
    }

    /** The address on which nobody but the part's own machine asks for health and metrics. */
    String inward() {
        return entering.isEmpty() ? address : "127.0.0.1";
    }

    /** The command, entered. */
    List<String> entered(List<String> command) {
        List<String> whole = new ArrayList<>(entering);
        whole.addAll(command);
        return whole;
    }

    /**
     * Asks by HTTP from within, since health and metrics answer the part's own machine alone.
     *
     * @return the status, or 0 when nobody answers
     */
    int status(String at, int port, String path) throws InterruptedException {
        return entering.isEmpty()
                ? statusFromHere(at, port, path)
                : statusFromWithin(at, port, path);
    }

    private int statusFromHere(String at, int port, String path) throws InterruptedException {
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(URI.create("http://" + at + ":" + port + path))
                                    .timeout(PATIENCE)
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException _) {
            // Nobody listens there yet, or it is too busy to say.
            return 0;
        }
    }

    private int statusFromWithin(String at, int port, String path) throws InterruptedException {
        String asking =
                "exec 3<>/dev/tcp/%s/%d && printf 'GET %s HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3"
                        .formatted(at, port, path);
        try {
            Process process =
                    new ProcessBuilder(entered(List.of("bash", "-c", asking)))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return 0;
            }
            String line = new String(process.getInputStream().readAllBytes(), UTF_8);
            return line.startsWith("HTTP/") ? Integer.parseInt(line.split(" ", 3)[1].strip()) : 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
