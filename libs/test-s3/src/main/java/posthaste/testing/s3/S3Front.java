package posthaste.testing.s3;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before the server: passes requests on, and does to them what the faults say. It has a
 * connection to the server for each that a client has to it.
 */
final class S3Front implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(S3Front.class);

    /** Less than the server's own patience with idle connections, so that both go together. */
    private static final int IDLE_MILLIS = 20_000;

    private final ServerSocket listener;
    private final InetSocketAddress server;
    private final S3Faults faults;
    private final S3Requests requests;
    private final S3ControlPage control;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    S3Front(ServerSocket listener, InetSocketAddress server, S3Faults faults, S3Requests requests) {
        this.listener = listener;
        this.server = server;
        this.faults = faults;
        this.requests = requests;
        this.control = new S3ControlPage(faults, requests);
        Thread.ofVirtual().name("s3-front").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        faults.clear();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().name("s3-client").start(() -> serve(client));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    LOG.warn("cannot accept a connection", e);
                }
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client;
                Socket upstream = new Socket()) {
            if (listener.isClosed()) {
                return;
            }
            client.setTcpNoDelay(true);
            client.setSoTimeout(IDLE_MILLIS);
            upstream.setTcpNoDelay(true);
            upstream.connect(server);
            new S3Exchange(client, upstream, faults, requests, control).run();
        } catch (SocketException e) {
            LOG.debug("a connection was cut", e);
        } catch (IOException e) {
            LOG.debug("a connection broke", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }
}
