package posthaste.bench.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Ports of the loopback address. */
final class Ports {
    private static final Duration LOOK = Duration.ofMillis(50);

    private Ports() {}

    static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** One that nobody has now. */
    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Waits until somebody greets on a port.
     *
     * @param alive whether there is still somebody to wait for
     * @return whether that was so in time
     */
    static boolean awaitGreeting(int port, Duration atMost, BooleanSupplier alive)
            throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() - until < 0 && alive.getAsBoolean()) {
            try (Socket socket = new Socket()) {
                socket.connect(at(port), Math.toIntExact(LOOK.toMillis()));
                socket.setSoTimeout(5_000);
                if (socket.getInputStream().read() == '2') {
                    socket.getOutputStream()
                            .write("QUIT\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                    return true;
                }
            } catch (IOException e) {
                // Not yet.
                Thread.sleep(LOOK);
            }
        }
        return false;
    }
}
