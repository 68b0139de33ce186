package posthaste.body.s3;

/** The service says that there is no such object or upload. */
final class NotThereException extends Exception {
    NotThereException(String message, Throwable cause) {
        super(message, cause);
    }
}
