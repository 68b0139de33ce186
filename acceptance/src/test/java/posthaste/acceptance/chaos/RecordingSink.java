package posthaste.acceptance.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import posthaste.acceptance.chaos.Behaviour.NextHop;

/**
 * The world that mail is relayed to: an SMTP server with a port for each {@link NextHop}, which
 * treats a recipient as its address says and records all that it takes. It never dies itself.
 */
final class RecordingSink implements AutoCloseable {
    private final Map<NextHop, ServerSocket> servers = new EnumMap<>(NextHop.class);
    private final Set<SinkSession> sessions = ConcurrentHashMap.newKeySet();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final SinkRecord record;
    private final RunClock clock;
    private final Moments moments;

    private RecordingSink(SinkRecord record, RunClock clock, Moments moments) {
        this.record = record;
        this.clock = clock;
        this.moments = moments;
    }

    static RecordingSink start(Path file, RunClock clock, Moments moments) {
        RecordingSink sink = new RecordingSink(SinkRecord.at(file), clock, moments);
        sink.listenAt(InetAddress.ofLiteral("127.0.0.1"));
        return sink;
    }

    /** From now on on another address: one that a system in a network of its own reaches. */
    void listenAt(InetAddress address) {
        try {
            closeServers();
            for (NextHop hop : NextHop.values()) {
                ServerSocket server = new ServerSocket();
                server.bind(new InetSocketAddress(address, 0), 1000);
                servers.put(hop, server);
                Thread.ofVirtual().name("sink " + hop).start(() -> acceptAll(server));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code 127.0.0.1:12345}. */
    String hostAndPort(NextHop hop) {
        ServerSocket server = servers.get(hop);
        return server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
    }

    SinkRecord record() {
        return record;
    }

    RunClock clock() {
        return clock;
    }

    Moments moments() {
        return moments;
    }

    /** Sessions that are connected now. */
    int openSessions() {
        return sessions.size();
    }

    /** Recipients of transactions that are open now, at least one each. */
    int openRecipients() {
        return sessions.stream().mapToInt(SinkSession::openRecipients).sum();
    }

    /** Whether this recipient has not been seen at this step before; from now on it has. */
    boolean isFirst(String step, String recipient) {
        return seen.add(step + " " + recipient);
    }

    private void acceptAll(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().name("sink session").start(() -> serve(socket));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            SinkSession session = new SinkSession(this, socket);
            sessions.add(session);
            try {
                session.run();
            } finally {
                sessions.remove(session);
            }
        } catch (IOException _) {
            // The other side died, which is what these runs are about.
        }
    }

    private void closeServers() throws IOException {
        for (ServerSocket server : servers.values()) {
            server.close();
        }
    }

    @Override
    public void close() {
        try {
            closeServers();
            for (SinkSession session : sessions) {
                session.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        record.close();
    }
}
