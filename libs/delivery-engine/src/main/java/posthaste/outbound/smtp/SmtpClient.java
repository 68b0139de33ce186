package posthaste.outbound.smtp;

import jakarta.mail.Session;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import posthaste.mail.status.Reply;
import posthaste.outbound.failure.Stage;
import posthaste.outbound.failure.Trouble;
import posthaste.outbound.routing.HostAddress;
import posthaste.outbound.tls.TlsPolicy;
import posthaste.outbound.tls.UnverifiedTls;
import posthaste.outbound.tls.VerifiedTls;

/** Opens sessions with hosts. */
public final class SmtpClient {
    private final String helo;
    private final List<InetAddress> sourceAddresses;
    private final Watchdog watchdog;
    private final UnreachableAddresses unreachable;
    private final Session inClear;
    private final Session withTls;
    private final Session withVerifiedTls;
    private final AtomicInteger turn = new AtomicInteger();
    private final LongAdder opened = new LongAdder();

    /**
     * Makes a client.
     *
     * @param helo what we call ourselves
     * @param sourceAddresses ours, used in turn; empty: as the system chooses
     * @param trustedIssuers of certificates; empty: those that Java trusts
     */
    public SmtpClient(
            String helo,
            List<InetAddress> sourceAddresses,
            List<X509Certificate> trustedIssuers,
            Watchdog watchdog,
            UnreachableAddresses unreachable) {
        this.helo = helo;
        this.sourceAddresses = List.copyOf(sourceAddresses);
        this.watchdog = watchdog;
        this.unreachable = unreachable;
        this.inClear = Session.getInstance(properties());
        this.withTls = Session.getInstance(tlsProperties(UnverifiedTls.socketFactory(), false));
        this.withVerifiedTls =
                Session.getInstance(tlsProperties(VerifiedTls.socketFactory(trustedIssuers), true));
    }

    /**
     * Opens a session: connects, hears the greeting, says EHLO, begins TLS as the policy asks.
     *
     * @param transcript takes down what is said
     * @throws TroubleException when the host does not do its part
     * @throws InterruptedException when the thread was interrupted
     */
    public SmtpConnection open(
            HostAddress host, StepTimes times, TlsPolicy tlsPolicy, Transcript transcript)
            throws TroubleException, InterruptedException {
        try {
            SmtpConnection connection =
                    switch (tlsPolicy) {
                        case TlsPolicy.None _ -> open(host, times, inClear, transcript);
                        case TlsPolicy.Opportunistic _ ->
                                openOpportunistically(host, times, transcript);
                        case TlsPolicy.Verified _ -> open(host, times, withVerifiedTls, transcript);
                    };
            unreachable.remove(host);
            return connection;
        } catch (TroubleException e) {
            // That it cannot be trusted says nothing about others' mail.
            if (e.trouble().stage() != Stage.STARTTLS) {
                unreachable.add(host);
            }
            throw e;
        }
    }

    /** Whether others had better be tried before. */
    public boolean wasUnreachable(HostAddress host) {
        return unreachable.contains(host);
    }

    /** Connections opened so far. */
    public long opened() {
        return opened.sum();
    }

    private SmtpConnection openOpportunistically(
            HostAddress host, StepTimes times, Transcript transcript)
            throws TroubleException, InterruptedException {
        try {
            return open(host, times, withTls, transcript);
        } catch (TroubleException e) {
            boolean isTls = e.trouble().stage() == Stage.STARTTLS;
            if (!isTls) {
                throw e;
            }
            return open(host, times, inClear, transcript);
        }
    }

    private SmtpConnection open(
            HostAddress host, StepTimes times, Session session, Transcript transcript)
            throws TroubleException, InterruptedException {
        WireSocket wire = new WireSocket();
        Watchdog.Watch watch = watchdog.watch(wire);
        boolean done = false;
        try {
            transcript.note("connects to " + host + ", port " + host.port());
            connect(wire, host, times, watch);
            RelayTransport transport =
                    new RelayTransport(session, wire, watch, helo, times, transcript);
            transport.open();
            boolean verified = session == withVerifiedTls;
            if (verified) {
                requireTls(transport, wire);
            }
            watch.noDeadline();
            opened.increment();
            SmtpConnection connection = new SmtpConnection(host, transport, wire, watch, verified);
            done = true;
            return connection;
        } catch (TroubleException e) {
            e.trouble().remark().ifPresent(transcript::note);
            if (Thread.interrupted()) {
                throw new InterruptedException("while opening a session");
            }
            throw e;
        } finally {
            if (!done) {
                watch.end();
                closeQuietly(wire);
            }
        }
    }

    private static void requireTls(RelayTransport transport, WireSocket wire)
            throws TroubleException {
        if (!wire.tls().isEmpty()) {
            return;
        }
        Optional<Reply> refusal = transport.startTlsRefusal();
        transport.quit();
        throw new TroubleException(
                refusal.filter(reply -> reply.code() / 100 == 4)
                        .<Trouble>map(reply -> new Trouble.Refused(Stage.STARTTLS, reply))
                        .orElseGet(() ->
                                new Trouble.NotSecured(
                                        refusal.map(reply -> "refuses STARTTLS: " + reply)
                                                .orElse("does not offer STARTTLS"))));
    }

    private void connect(WireSocket wire, HostAddress host, StepTimes times, Watchdog.Watch watch)
            throws TroubleException {
        watch.until(times.endOfStep());
        try {
            wire.setTcpNoDelay(true);
            bind(wire, host.address());
            // By address and with its name known, so that nobody looks the name up.
            InetAddress named = InetAddress.getByAddress(host.name(), host.address().getAddress());
            wire.connect(new InetSocketAddress(named, host.port()));
        } catch (IOException e) {
            throw new TroubleException(
                    watch.expired()
                            ? new Trouble.TimedOut(Stage.CONNECT, watch.waited())
                            : new Trouble.Lost(Stage.CONNECT, String.valueOf(e.getMessage())));
        }
    }

    /** To one of our addresses of the same family: mail never leaves from any other. */
    private void bind(Socket socket, InetAddress to) throws IOException {
        if (sourceAddresses.isEmpty()) {
            return;
        }
        List<InetAddress> fitting =
                sourceAddresses.stream()
                        .filter(ours -> ours instanceof Inet4Address == to instanceof Inet4Address)
                        .toList();
        if (fitting.isEmpty()) {
            throw new IOException("no source address of its family is configured");
        }
        int index = Math.floorMod(turn.getAndIncrement(), fitting.size());
        socket.bind(new InetSocketAddress(fitting.get(index), 0));
    }

    private static Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.quitwait", "false");
        return properties;
    }

    private static Properties tlsProperties(SSLSocketFactory factory, boolean byName) {
        Properties properties = properties();
        properties.setProperty("mail.smtp.starttls.enable", "true");
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "false");
        properties.put("mail.smtp.ssl.socketFactory", new Telling(factory, byName));
        return properties;
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Closed is what it was to be.
            return;
        }
    }

    /** Tells our socket of the TLS that Angus lays over it. */
    private static final class Telling extends SSLSocketFactory {
        private final SSLSocketFactory factory;
        private final boolean byName;

        Telling(SSLSocketFactory factory, boolean byName) {
            this.factory = factory;
            this.byName = byName;
        }

        @Override
        public Socket createSocket(Socket below, String host, int port, boolean autoClose)
                throws IOException {
            Socket socket = factory.createSocket(below, host, port, autoClose);
            if (below instanceof WireSocket wire && socket instanceof SSLSocket tls) {
                wire.securedBy(tls);
                if (byName) {
                    // So Java's own trust manager compares names as RFC 6125 has it.
                    SSLParameters parameters = tls.getSSLParameters();
                    parameters.setEndpointIdentificationAlgorithm("HTTPS");
                    tls.setSSLParameters(parameters);
                }
            }
            return socket;
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return factory.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return factory.getSupportedCipherSuites();
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return factory.createSocket(host, port);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort)
                throws IOException {
            return factory.createSocket(host, port, local, localPort);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return factory.createSocket(host, port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
                throws IOException {
            return factory.createSocket(host, port, local, localPort);
        }
    }
}
