package posthaste.broker;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on the loopback address. They must be known before the broker starts, since the voter list
 * names the controller's.
 */
final class Ports {
    /**
     * Below those that systems give to outgoing connections (Linux begins at 32768): one of these
     * could take a port between the probe and its use, as happened in one start of forty.
     */
    private static final int LOWEST = 10_000;

    private static final int ABOVE_HIGHEST = 32_000;
    private static final int ATTEMPTS = 1000;
    private static final Duration CLEARED_AWAY = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(50);

    private Ports() {}

    /** Distinct free ports. Somebody else may take one before it is used, if hardly by chance. */
    static List<Integer> free(int count) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(bindAny());
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new BrokerStartException("no free port on 127.0.0.1: " + e.getMessage(), e);
        } finally {
            for (ServerSocket socket : sockets) {
                close(socket);
            }
        }
    }

    /**
     * Finds out in one sentence what Kafka would say in a stack trace. Waits a moment first: who
     * starts right after a {@code kill -9} may be quicker than the system clears away.
     */
    static void requireFree(int port) {
        long until = System.nanoTime() + CLEARED_AWAY.toNanos();
        while (true) {
            try {
                close(bind(port));
                return;
            } catch (IOException e) {
                if (System.nanoTime() - until >= 0) {
                    throw new BrokerStartException(
                            "port %d on 127.0.0.1, where the broker is to listen, is in use"
                                    .formatted(port),
                            e);
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerStartException("interrupted while waiting for a port", e);
        }
    }

    private static ServerSocket bindAny() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return bind(ThreadLocalRandom.current().nextInt(LOWEST, ABOVE_HIGHEST));
            } catch (BindException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static ServerSocket bind(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            // As Kafka does it: connections of a predecessor in TIME_WAIT are no obstacle.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(loopback(), port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static InetAddress loopback() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a probed port cannot be closed again", e);
        }
    }
}
