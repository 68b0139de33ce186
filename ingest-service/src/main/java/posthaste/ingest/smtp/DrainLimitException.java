package posthaste.ingest.smtp;

import java.io.IOException;
import posthaste.ingest.accept.Refusal;

/** A refused message goes on for so long that its end is not awaited. */
final class DrainLimitException extends IOException {
    private final transient Refusal refusal;

    DrainLimitException(Refusal refusal) {
        super("the client went on sending a refused message", refusal);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }
}
