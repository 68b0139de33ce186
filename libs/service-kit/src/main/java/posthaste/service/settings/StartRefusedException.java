package posthaste.service.settings;

/**
 * A start that makes no sense, in one sentence for the operator: which property or which thing
 * outside is at fault, its value unless it is a secret, and what would do. It is all that is told.
 */
public final class StartRefusedException extends RuntimeException {
    public StartRefusedException(String sentence) {
        super(sentence);
    }

    public StartRefusedException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
