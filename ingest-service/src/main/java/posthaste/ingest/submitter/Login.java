package posthaste.ingest.submitter;

import java.util.List;
import java.util.Optional;
import posthaste.mail.envelope.Stream;

/**
 * An authenticated user, or the owner of an API key.
 *
 * @param name as configured, not as typed
 * @param senders whose mail it may submit: {@code user@example.org}, {@code example.org} (every
 *     address of that domain), {@code *.example.org} (of its subdomains) or {@code *}
 * @param stream of its mail; the listener's when empty
 * @param streams that its mail may be put into; any when empty
 */
public record Login(
        String name, List<String> senders, Optional<Stream> stream, List<Stream> streams) {
    public Login {
        senders = List.copyOf(senders);
        streams = List.copyOf(streams);
    }

    /** A login that may use any stream. */
    public Login(String name, List<String> senders, Optional<Stream> stream) {
        this(name, senders, stream, List.of());
    }
}
