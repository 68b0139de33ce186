package posthaste.service.verp;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import posthaste.mail.envelope.Stream;
import posthaste.mail.verp.VerpCodec;

/**
 * The return addresses in use.
 *
 * @param codec empty: none
 * @param streams whose mails get them
 * @param maxAge of a mail about which something comes back
 */
public record ReturnAddresses(Optional<VerpCodec> codec, List<Stream> streams, Duration maxAge) {
    public ReturnAddresses {
        streams = List.copyOf(streams);
    }
}
