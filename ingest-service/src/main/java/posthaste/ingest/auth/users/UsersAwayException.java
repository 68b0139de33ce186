package posthaste.ingest.auth.users;

/** Those who know the users cannot be asked now; nothing is known of the name. */
public final class UsersAwayException extends Exception {
    public UsersAwayException(String message) {
        super(message);
    }

    public UsersAwayException(String message, Throwable cause) {
        super(message, cause);
    }
}
