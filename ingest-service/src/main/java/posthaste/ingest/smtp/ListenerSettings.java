package posthaste.ingest.smtp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import posthaste.ingest.policy.Network;
import posthaste.ingest.tls.ClientCertificates;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Stream;

/**
 * What one listener offers and bears; each listener has its own.
 *
 * @param name as configured
 * @param address where it listens; port 0 is any free port
 * @param hostName in the greeting and the Received field
 * @param stream of the mail that comes in here
 * @param profile whom it is for
 * @param trusted whose clients may have mail relayed
 * @param proxies who announce each client by the PROXY protocol
 * @param xclients who may tell for whom they speak, by XCLIENT
 */
public record ListenerSettings(
        String name,
        InetSocketAddress address,
        String hostName,
        Stream stream,
        Profile profile,
        Tls tls,
        Auth auth,
        List<Network> trusted,
        List<Network> proxies,
        List<Network> xclients,
        Limits limits) {
    public ListenerSettings {
        trusted = List.copyOf(trusted);
        proxies = List.copyOf(proxies);
        xclients = List.copyOf(xclients);
    }

    /** A listener for relays, in the clear and without logins. */
    public ListenerSettings(
            String name,
            InetSocketAddress address,
            String hostName,
            Stream stream,
            List<Network> trusted,
            Limits limits) {
        this(
                name,
                address,
                hostName,
                stream,
                Profile.RELAY,
                Tls.NONE,
                Auth.NONE,
                trusted,
                List.of(),
                List.of(),
                limits);
    }

    /** The same for others. */
    public ListenerSettings withProfile(Profile other) {
        return new ListenerSettings(
                name, address, hostName, stream, other, tls, auth, trusted, proxies, xclients,
                limits);
    }

    /** The same with TLS. */
    public ListenerSettings withTls(Tls other) {
        return new ListenerSettings(
                name, address, hostName, stream, profile, other, auth, trusted, proxies, xclients,
                limits);
    }

    /** The same with logins. */
    public ListenerSettings withAuth(Auth other) {
        return new ListenerSettings(
                name, address, hostName, stream, profile, tls, other, trusted, proxies, xclients,
                limits);
    }

    /** The same behind others, who tell for whom they speak. */
    public ListenerSettings behind(List<Network> proxyNetworks, List<Network> xclientNetworks) {
        return new ListenerSettings(
                name,
                address,
                hostName,
                stream,
                profile,
                tls,
                auth,
                trusted,
                proxyNetworks,
                xclientNetworks,
                limits);
    }

    /** Whom a listener is for. */
    public enum Profile {
        /** Other mail servers. */
        RELAY,
        /** Users' programs (RFC 6409). */
        SUBMISSION,
        /** Mail servers that could not deliver a mail themselves. */
        FALLBACK;

        /** Where its mail goes first. */
        FirstStop firstStop() {
            return this == FALLBACK ? new FirstStop.Fallback() : new FirstStop.Attempt();
        }
    }

    /**
     * TLS (RFC 3207, RFC 8314).
     *
     * @param certificates the names of SSL bundles; a client gets the first that is for the name it
     *     asks for, else the first of all
     */
    public record Tls(TlsMode mode, List<String> certificates, ClientCertificates clients) {
        /** None. */
        public static final Tls NONE = new Tls(TlsMode.NONE, List.of(), ClientCertificates.NONE);

        public Tls {
            certificates = List.copyOf(certificates);
        }
    }

    /** When a session is encrypted. */
    public enum TlsMode {
        /** Never. */
        NONE,
        /** When the client says STARTTLS. */
        OFFERED,
        /** By STARTTLS, before any mail. */
        REQUIRED,
        /** From the first octet. */
        IMPLICIT
    }

    /**
     * Logins (RFC 4954).
     *
     * @param inClear whether passwords may travel without TLS: on the loopback interface
     */
    public record Auth(AuthMode mode, boolean inClear) {
        /** No logins. */
        public static final Auth NONE = new Auth(AuthMode.OFF, false);
    }

    /** Whether clients log in. */
    public enum AuthMode {
        /** They cannot. */
        OFF,
        /** They can. */
        OFFERED,
        /** They have to, before any mail. */
        REQUIRED
    }

    /**
     * How much of everything.
     *
     * @param messageSize octets of a message; more gets 552
     * @param drain octets that are read and dropped after a refusal before the connection goes
     * @param recipients of a mail; more get 452
     * @param mails of a session; 0 is any number
     * @param sessions at the same time; more get 421
     * @param sessionsPerAddress of one IPv4 address or one IPv6 /64 network
     * @param errors 5xx replies without an accepted mail in between; then 421
     * @param idleCommands NOOP, RSET, VRFY and the like without an accepted mail in between; then
     *     421
     * @param handshakeTimeout for a TLS handshake, and for the header of a proxy
     * @param commandTimeout for one whole command line to come in, and for one reply to go out
     * @param dataTimeout for one whole message to come in
     * @param sessionTimeout after which a session gets no further transaction
     * @param dataRate octets a second that a message must bring on average while we wait for it
     * @param dataGrace how long we wait before {@code dataRate} is asked for
     */
    public record Limits(
            long messageSize,
            long drain,
            int recipients,
            int mails,
            int sessions,
            int sessionsPerAddress,
            int errors,
            int idleCommands,
            Duration handshakeTimeout,
            Duration commandTimeout,
            Duration dataTimeout,
            Duration sessionTimeout,
            long dataRate,
            Duration dataGrace) {}
}
