package posthaste.ingest.submitter;

import java.net.InetAddress;
import java.util.Optional;
import posthaste.mail.envelope.Client;

/**
 * Who submits.
 *
 * @param listener the configured name of the listener that it came to; {@code http} for the HTTP
 *     interface
 * @param address of the client itself, also behind a proxy that we trust
 * @param helo what it calls itself, made harmless; {@code unknown} before it said so
 * @param tls empty in the clear
 * @param login empty before it has logged in
 */
public record Submitter(
        String listener,
        InetAddress address,
        String helo,
        Optional<TlsFacts> tls,
        Optional<Login> login) {
    private static final String NO_NAME = "unknown";

    /** A client that has connected and said nothing yet. */
    public static Submitter connected(String listener, InetAddress address) {
        return new Submitter(listener, address, NO_NAME, Optional.empty(), Optional.empty());
    }

    /** After EHLO or HELO. */
    public Submitter calling(String name) {
        return new Submitter(listener, address, name, tls, login);
    }

    /** After the TLS handshake: what was said before it is forgotten (RFC 3207 section 4.2). */
    public Submitter over(TlsFacts facts) {
        return new Submitter(listener, address, NO_NAME, Optional.of(facts), Optional.empty());
    }

    /** After AUTH. */
    public Submitter as(Login user) {
        return new Submitter(listener, address, helo, tls, Optional.of(user));
    }

    /** As the envelope has it. */
    public Client client() {
        return new Client(withoutZone(address.getHostAddress()), helo, login.map(Login::name));
    }

    /** {@code fe80::1%eth0} names an interface of ours, which is nobody's business. */
    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }
}
