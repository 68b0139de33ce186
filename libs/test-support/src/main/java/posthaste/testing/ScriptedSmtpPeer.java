package posthaste.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A small but real SMTP server on a loopback address that records what it is told and answers as
 * its script says.
 *
 * <pre>{@code
 * try (var peer = ScriptedSmtpPeer.start()) {
 *     peer.onRcpt("bad@x.org").reply("550 5.1.1 no such user");
 *     peer.onRcpt("grey@x.org").once().reply("451 4.7.1 come back later");
 *     peer.onDot().inConnection(1).neverReply();
 *     ...
 *     assertThat(peer.accepted()).hasSize(1);
 * }
 * }</pre>
 *
 * <p>Without a rule it takes everything. The script may be added to while it runs.
 */
public final class ScriptedSmtpPeer implements AutoCloseable {
    /** How STARTTLS goes on after the {@code 220}. */
    enum Handshake {
        WORKS,
        GARBAGE,
        STALLS
    }

    /**
     * A line that was sent to the peer.
     *
     * @param connection counted from 1
     * @param pipelined whether more lay in the buffer behind it
     */
    public record Command(int connection, String line, boolean pipelined) {}

    private final ServerSocket server;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<Transaction> transactions = new ArrayList<>();
    private final List<Command> commands = new ArrayList<>();
    private final List<String> ehloNames = new CopyOnWriteArrayList<>();
    private final List<String> clientAddresses = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile int mostOpen;
    private volatile List<String> capabilities =
            List.of(
                    "PIPELINING",
                    "SIZE 209715200",
                    "8BITMIME",
                    "ENHANCEDSTATUSCODES",
                    "SMTPUTF8",
                    "DSN");
    private volatile @Nullable SSLContext tls;
    private volatile Handshake handshake = Handshake.WORKS;
    private volatile boolean digestsOnly;
    private volatile boolean closed;

    private ScriptedSmtpPeer(ServerSocket server) {
        this.server = server;
    }

    /** Starts on a free port of 127.0.0.1. */
    public static ScriptedSmtpPeer start() {
        return startOn("127.0.0.1", 0);
    }

    /** Starts on a given loopback address and port: so that several hosts may share a port. */
    public static ScriptedSmtpPeer startOn(String address, int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port), 1000);
            ScriptedSmtpPeer peer = new ScriptedSmtpPeer(socket);
            Thread.ofVirtual().name("scripted peer").start(peer::acceptAll);
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // What it is

    /** Offers exactly these capabilities in EHLO, as {@code "SIZE 1000"}. */
    public ScriptedSmtpPeer offering(String... keywords) {
        this.capabilities = List.of(keywords);
        return this;
    }

    /** Offers STARTTLS too, with a self-signed certificate. */
    public ScriptedSmtpPeer offeringStartTls() {
        return offeringStartTls(SelfSignedCertificate.forHost("peer.test"));
    }

    /** STARTTLS is offered, with this certificate. */
    public ScriptedSmtpPeer offeringStartTls(SelfSignedCertificate certificate) {
        this.tls = certificate.serverContext();
        return this;
    }

    /** Answers {@code 220} to STARTTLS, then something that is no handshake, and closes. */
    public ScriptedSmtpPeer failingHandshake() {
        this.handshake = Handshake.GARBAGE;
        return offeringStartTls();
    }

    /** Answers {@code 220} to STARTTLS, then nothing. */
    public ScriptedSmtpPeer stallingHandshake() {
        this.handshake = Handshake.STALLS;
        return offeringStartTls();
    }

    /** Keeps length and digest of messages, not their bytes: for large ones and long runs. */
    public ScriptedSmtpPeer keepingDigestsOnly() {
        this.digestsOnly = true;
        return this;
    }

    public int port() {
        return server.getLocalPort();
    }

    /** As {@code 127.0.0.1:12345}. */
    public String hostAndPort() {
        return server.getInetAddress().getHostAddress() + ":" + port();
    }

    // What it answers

    public Rule onConnect() {
        return on(Step.CONNECT);
    }

    public Rule onEhlo() {
        return on(Step.EHLO);
    }

    public Rule onStartTls() {
        return on(Step.STARTTLS);
    }

    public Rule onMail() {
        return on(Step.MAIL);
    }

    public Rule onRcpt() {
        return on(Step.RCPT);
    }

    /** For one forward-path, without its brackets. */
    public Rule onRcpt(String address) {
        return on(Step.RCPT).where(address::equals);
    }

    public Rule onData() {
        return on(Step.DATA);
    }

    /** The final dot. */
    public Rule onDot() {
        return on(Step.DOT);
    }

    public Rule on(Step step) {
        return new Rule(step, rules::add);
    }

    /** Forgets the script: takes everything again. */
    public void forgetRules() {
        rules.clear();
    }

    // What it was told

    /** All mails whose final dot has arrived, in that order. */
    public List<Transaction> transactions() {
        synchronized (transactions) {
            return List.copyOf(transactions);
        }
    }

    /** Those among {@link #transactions} to which it answered {@code 250}. */
    public List<Transaction> accepted() {
        return transactions().stream().filter(Transaction::accepted).toList();
    }

    /** The one mail that it took so far. */
    public Transaction onlyTransaction() {
        List<Transaction> all = transactions();
        if (all.size() != 1) {
            throw new AssertionError("expected one mail, not " + all);
        }
        return all.getFirst();
    }

    /** Waits until so many final dots have arrived. */
    public List<Transaction> awaitTransactions(int count, Duration atMost)
            throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (transactions) {
            while (transactions.size() < count) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    throw new AssertionError(
                            transactions.size() + " of " + count + " mails came in " + atMost);
                }
                transactions.wait(millis);
            }
            return List.copyOf(transactions);
        }
    }

    /** Every command of every connection, in the order of arrival. */
    public List<Command> commands() {
        synchronized (commands) {
            return List.copyOf(commands);
        }
    }

    /** The lines of one connection. */
    public List<String> linesOf(int connection) {
        return commands().stream()
                .filter(command -> command.connection() == connection)
                .map(Command::line)
                .toList();
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** Connections open now. */
    public int openConnections() {
        return open.size();
    }

    /** The most connections that were open at once. */
    public int mostOpenConnections() {
        return mostOpen;
    }

    /** What the clients called themselves. */
    public List<String> ehloNames() {
        return List.copyOf(ehloNames);
    }

    /** Where the connections came from, as {@code 127.0.0.1}. */
    public List<String> clientAddresses() {
        return List.copyOf(clientAddresses);
    }

    /** Closes the connections that are open now, and goes on taking new ones. */
    public void dropConnections() {
        open.forEach(ScriptedSmtpPeer::closeQuietly);
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        dropConnections();
    }

    private void acceptAll() {
        while (!closed) {
            try {
                Socket socket = server.accept();
                int number = connections.incrementAndGet();
                open.add(socket);
                mostOpen = Math.max(mostOpen, open.size());
                clientAddresses.add(socket.getInetAddress().getHostAddress());
                Thread.ofVirtual()
                        .name("scripted peer, connection " + number)
                        .start(() -> serve(socket, number));
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket socket, int number) {
        try {
            new PeerSession(this, socket, number).run();
        } catch (IOException e) {
            // The client went away, or the test closed the peer: both are ordinary ends.
            closeQuietly(socket);
        } finally {
            closeQuietly(socket);
            open.remove(socket);
        }
    }

    @Nullable Rule ruleFor(Step step, int connection, int number, String argument) {
        for (Rule rule : rules) {
            if (rule.takes(step, connection, number, argument)) {
                return rule;
            }
        }
        return null;
    }

    List<String> capabilities() {
        return capabilities;
    }

    @Nullable SSLContext tls() {
        return tls;
    }

    Handshake handshake() {
        return handshake;
    }

    boolean digestsOnly() {
        return digestsOnly;
    }

    void record(Command command) {
        synchronized (commands) {
            commands.add(command);
        }
    }

    void record(Transaction transaction) {
        synchronized (transactions) {
            transactions.add(transaction);
            transactions.notifyAll();
        }
    }

    void recordEhlo(String name) {
        ehloNames.add(name);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
            return;
        }
    }
}
