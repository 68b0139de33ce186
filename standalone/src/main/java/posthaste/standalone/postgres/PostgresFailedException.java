package posthaste.standalone.postgres;

/** PostgreSQL could not be unpacked, initialised or started; the message is one sentence. */
public final class PostgresFailedException extends Exception {
    PostgresFailedException(String sentence) {
        super(sentence);
    }

    PostgresFailedException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
