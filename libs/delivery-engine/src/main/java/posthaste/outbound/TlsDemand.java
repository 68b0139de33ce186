package posthaste.outbound;

import java.util.Optional;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.Envelope;
import posthaste.outbound.routing.Route;
import posthaste.outbound.smtp.SmtpConnection;
import posthaste.outbound.tls.TlsPolicy;

/**
 * What TLS a mail is to be sent with.
 *
 * @param policy to begin with
 * @param otherwise what to do where that cannot be had; empty: not to send
 * @param bySender whether the sender demands it (RFC 8689): then it is no use to wait for better
 *     times
 */
record TlsDemand(TlsPolicy policy, Optional<TlsPolicy> otherwise, boolean bySender) {

    /** Of a mail, where others are sent by the usual policy. */
    static TlsDemand of(Envelope envelope, TlsPolicy usual) {
        if (!envelope.handling().requireTls()) {
            return new TlsDemand(usual, Optional.empty(), false);
        }
        return switch (envelope.reversePath()) {
            case ReversePath.From _ -> new TlsDemand(TlsPolicy.VERIFIED, Optional.empty(), true);
            // RFC 8689 section 5: a notification is not to be lost for it.
            case ReversePath.Null _ ->
                    new TlsDemand(
                            TlsPolicy.VERIFIED,
                            Optional.of(usual).filter(other -> !other.equals(TlsPolicy.VERIFIED)),
                            false);
        };
    }

    /** Whether the sender has a right to a host whose name DNS has proved. */
    boolean needsProvedHosts() {
        return bySender;
    }

    /**
     * Whether a connection that was opened for another mail does, too. How its host was found is
     * not known any more.
     */
    boolean isMetBy(SmtpConnection connection, Route route) {
        return !(policy instanceof TlsPolicy.Verified)
                || (connection.isVerified() && !(bySender && route instanceof Route.ByMx));
    }
}
