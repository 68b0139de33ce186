package posthaste.outbound.smtp;

import jakarta.mail.MessagingException;
import posthaste.outbound.failure.Trouble;

/** A trouble on its way through Angus, which lets only its own exceptions pass. */
public final class TroubleException extends MessagingException {
    private final transient Trouble trouble;

    TroubleException(Trouble trouble) {
        super(trouble.toString());
        this.trouble = trouble;
    }

    public Trouble trouble() {
        return trouble;
    }
}
