package posthaste.acceptance.compose;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A container engine behind its socket, as {@code DOCKER_HOST} or the usual place names it: what
 * docker-compose has no command for.
 *
 * @param socket where it listens
 */
record Engine(Path socket) {

    /** The one of this machine, if it answers. */
    static Optional<Engine> found() {
        String host =
                Optional.ofNullable(System.getenv("DOCKER_HOST"))
                        .orElse("unix:///var/run/docker.sock");
        if (!host.startsWith("unix:")) {
            return Optional.empty();
        }
        Engine engine = new Engine(Path.of(URI.create(host).getPath()));
        return Files.exists(engine.socket) && engine.answers()
                ? Optional.of(engine)
                : Optional.empty();
    }

    boolean has(String image) {
        return status("GET", "/images/" + image + "/json") == 200;
    }

    /** As a crash of its process: no signal that it could heed. */
    void kill(String container) {
        int status = status("POST", "/containers/" + container + "/kill?signal=KILL");
        if (status != 204) {
            throw new AssertionError("the engine does not kill " + container + ": " + status);
        }
    }

    private boolean answers() {
        try {
            return status("GET", "/_ping") == 200;
        } catch (UncheckedIOException _) {
            // Its socket outlived it.
            return false;
        }
    }

    private int status(String method, String path) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            String request =
                    method
                            + " "
                            + path
                            + " HTTP/1.1\r\nHost: engine\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
            String line =
                    new String(Channels.newInputStream(channel).readAllBytes(), UTF_8)
                            .lines()
                            .findFirst()
                            .orElseThrow(() -> new IOException("no answer to " + path));
            return Integer.parseInt(line.split(" ", 3)[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
