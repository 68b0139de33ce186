package posthaste.ingest.smtp;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.Session;
import org.subethamail.smtp.server.SessionHandler;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.smtp.ListenerSettings.TlsMode;
import posthaste.ingest.smtp.SessionMetrics.End;
import posthaste.ingest.tls.ServerTls;

/**
 * One SMTP port. SubEthaSMTP keeps the server socket, accepts, and runs each session on a virtual
 * thread; at its point of extension before the greeting we take the session over, and it finds it
 * ended when we give it back (docs/decisions/0005).
 */
public final class SmtpListener {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpListener.class);

    /** Sessions beyond the limit that are let in to be told so. */
    private static final int ROOM_FOR_REFUSALS = 100;

    private static final Duration DRAIN_ROUND = Duration.ofMillis(20);

    private final ListenerSettings settings;
    private final Optional<ServerTls> tls;
    private final SubmissionPolicy policy;
    private final Surroundings surroundings;
    private final SessionMetrics metrics;

    private final SessionGate.Entrance gate;
    private final Set<SmtpSession> sessions = ConcurrentHashMap.newKeySet();
    private final Watchdog watchdog;
    private final SMTPServer server;
    private volatile boolean draining;

    /**
     * A listener that does not listen yet.
     *
     * @param tls empty when its settings have none
     * @param policy asked of its clients alone
     */
    public SmtpListener(
            ListenerSettings settings,
            Optional<ServerTls> tls,
            SubmissionPolicy policy,
            Surroundings surroundings) {
        if (tls.isEmpty() && settings.tls().mode() != TlsMode.NONE) {
            throw new IllegalArgumentException("TLS needs certificates");
        }
        this.settings = settings;
        this.tls = tls;
        this.policy = policy;
        this.surroundings = surroundings;
        this.metrics = surroundings.metrics();
        this.gate = surroundings.gate().entrance(settings.limits());
        this.watchdog = new Watchdog(sessions, settings.limits());
        this.server =
                SMTPServer.port(settings.address().getPort())
                        .bindAddress(settings.address().getAddress())
                        .hostName(settings.hostName())
                        .softwareName("Posthaste")
                        .maxConnections(settings.limits().sessions() + ROOM_FOR_REFUSALS)
                        // The watchdog keeps the time; a timer for each read costs wake-ups.
                        .connectionTimeoutMs(0)
                        .executorService(Executors.newVirtualThreadPerTaskExecutor())
                        .serverSocketFactory(PromptServerSocket::new)
                        .sessionHandler(new TakeOver())
                        .build();
    }

    /**
     * Begins to listen.
     *
     * @throws BindException when the port cannot be had
     */
    public void start() throws BindException {
        try {
            server.start();
        } catch (RuntimeException e) {
            if (e.getCause() instanceof BindException cannotBind) {
                throw cannotBind;
            }
            throw e;
        }
        watchdog.start();
        LOG.info(
                "SMTP on {}:{} (listener {})",
                settings.address().getHostString(),
                port(),
                settings.name());
    }

    public ListenerSettings settings() {
        return settings;
    }

    /** The port it listens on. */
    public int port() {
        return server.getPortAllocated();
    }

    /** Sessions that are open. */
    public int sessions() {
        return sessions.size();
    }

    /**
     * Lets mails that have been begun come to their end, tells everyone {@code 421}, closes.
     *
     * @param drain how long a mail that has been begun may take to come in
     * @param lastReplies how long a mail that has come in may then take to be accepted: cutting it
     *     off would leave its client without a reply, and make it send the mail again
     */
    public void stop(Duration drain, Duration lastReplies) {
        draining = true;
        await(drain, () -> sessions.forEach(SmtpSession::endAfterThisMail));
        sessions.forEach(session -> session.end(End.SHUT_DOWN));
        await(lastReplies, () -> {});
        server.stop();
        watchdog.stop();
    }

    private void await(Duration atMost, Runnable eachRound) {
        long began = System.nanoTime();
        try {
            while (!sessions.isEmpty() && System.nanoTime() - began < atMost.toNanos()) {
                eachRound.run();
                Thread.sleep(DRAIN_ROUND);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket socket, InetAddress client) {
        metrics.began();
        End end = End.FAILED;
        Patience patience = new Patience(settings.limits(), System.nanoTime());
        try (Connection connection = new Connection(socket, patience)) {
            end = admit(connection, client);
        } catch (IOException e) {
            LOG.debug("session lost: {}", e.toString());
            end = End.CLOSED;
        } finally {
            metrics.ended(end);
        }
    }

    private End admit(Connection connection, InetAddress peer) throws IOException {
        Optional<SessionGate.Place> free = gate.enter();
        if (free.isEmpty()) {
            if (settings.tls().mode() != TlsMode.IMPLICIT) {
                connection.say("421 4.7.0 too many sessions, try again later");
                connection.flush();
            }
            return End.TOO_MANY;
        }
        Conversation conversation = new Conversation(settings, policy, surroundings, peer);
        try (SessionGate.Place place = free.get()) {
            SmtpSession session =
                    new SmtpSession(
                            settings, tls, connection, place, peer, conversation, surroundings);
            sessions.add(session);
            try {
                if (draining) {
                    session.endAfterThisMail();
                }
                return session.run();
            } finally {
                sessions.remove(session);
                conversation.ended();
            }
        }
    }

    /** SubEthaSMTP asks whether it may greet; the answer is the whole session. */
    private final class TakeOver implements SessionHandler {
        @Override
        public SessionAcceptance accept(Session session) {
            serve(session.getSocket(), session.getRemoteAddress().getAddress());
            session.quit();
            return SessionAcceptance.success();
        }

        @Override
        public void onSessionEnd(Session session) {
            // It ended in accept().
        }
    }

    /** Without Nagle's algorithm, which costs a pipelining client 40 ms a mail. */
    private static final class PromptServerSocket extends ServerSocket {
        PromptServerSocket() throws IOException {}

        @Override
        public Socket accept() throws IOException {
            Socket socket = super.accept();
            socket.setTcpNoDelay(true);
            return socket;
        }
    }
}
