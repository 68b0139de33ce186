package posthaste.mail.envelope;

import java.util.Optional;

/**
 * How a mail is to be carried beyond the ordinary: what its submitter asked for, or what policy
 * decided at its acceptance.
 *
 * @param firstStop where it goes first
 * @param requireTls it may only travel over TLS that was verified, to hosts that promise the same
 *     (RFC 8689)
 * @param deliverBy RFC 2852
 */
public record Handling(FirstStop firstStop, boolean requireTls, Optional<DeliverBy> deliverBy) {

    /** Nothing out of the ordinary. */
    public static final Handling ORDINARY =
            new Handling(new FirstStop.Attempt(), false, Optional.empty());

    /** The same with another first stop. */
    public Handling stoppingAt(FirstStop other) {
        return new Handling(other, requireTls, deliverBy);
    }
}
