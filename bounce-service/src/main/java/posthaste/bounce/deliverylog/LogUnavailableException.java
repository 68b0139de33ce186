package posthaste.bounce.deliverylog;

import java.sql.SQLException;

/** PostgreSQL is away, or took too long; the message is a sentence for people. */
public final class LogUnavailableException extends Exception {
    /** SQLSTATE of a statement that was cancelled, as by a time limit. */
    private static final String CANCELLED = "57014";

    private LogUnavailableException(String message, SQLException cause) {
        super(message, cause);
    }

    /** The question finds too much to be answered. */
    static LogUnavailableException tooBroad(String sentence) {
        return new LogUnavailableException(sentence, new SQLException(sentence));
    }

    /** Says what the database has refused. */
    public static LogUnavailableException of(SQLException cause) {
        return new LogUnavailableException(
                CANCELLED.equals(cause.getSQLState())
                        ? "The delivery log took too long to answer. Narrow the search."
                        : "The delivery log's database is away. Mail is accepted and delivered all"
                                + " the same, and will be found here once the database is back.",
                cause);
    }
}
