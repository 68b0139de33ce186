package posthaste.body.s3;

/**
 * The service is there and will not have us: a wrong bucket, credential or permission. The message
 * is a sentence for the operator.
 */
public final class S3RefusedException extends Exception {
    S3RefusedException(String message) {
        super(message);
    }

    S3RefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
