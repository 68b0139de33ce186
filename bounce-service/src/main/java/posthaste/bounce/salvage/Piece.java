package posthaste.bounce.salvage;

import java.util.Set;
import java.util.stream.Collectors;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;

/**
 * A message as it was found in the store.
 *
 * @param envelope that stands beside it: of the whole mail, or of one of its jobs
 */
record Piece(EncodedEnvelope envelope, BodyRef body) {

    /** To whom it goes. */
    Set<String> addresses() {
        return envelope.envelope().recipients().stream()
                .map(recipient -> recipient.address().toString())
                .collect(Collectors.toUnmodifiableSet());
    }

    Piece at(BodyRef moved) {
        return new Piece(envelope, moved);
    }
}
