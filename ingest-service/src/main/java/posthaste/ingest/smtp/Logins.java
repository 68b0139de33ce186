package posthaste.ingest.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import posthaste.ingest.auth.AuthReply;
import posthaste.ingest.auth.Authentication;
import posthaste.ingest.auth.SessionLogin;
import posthaste.ingest.smtp.ListenerSettings.Auth;
import posthaste.ingest.smtp.ListenerSettings.AuthMode;
import posthaste.ingest.submitter.Submitter;

/** AUTH in one session, as its listener has it. */
final class Logins {
    private static final String VERB = "AUTH";

    private final AuthMode mode;
    private final @Nullable SessionLogin session;

    Logins(Auth settings, Optional<Authentication> authentication) {
        this.mode = settings.mode();
        this.session =
                mode == AuthMode.OFF || authentication.isEmpty()
                        ? null
                        : new SessionLogin(authentication.get(), settings.inClear());
    }

    /** Octets of the client's next line: an AUTH command may be as long as a response. */
    int lineLimit(Submitter client) {
        return session != null && client.login().isEmpty()
                ? SessionLogin.LINE_LIMIT
                : Connection.LINE_LIMIT;
    }

    /** Whether a command is longer than commands are, and no AUTH. */
    static boolean isTooLong(String verb, String line) {
        return !verb.equals(VERB)
                && line.length() > Connection.LINE_LIMIT / 4
                && line.getBytes(StandardCharsets.UTF_8).length + 2 > Connection.LINE_LIMIT;
    }

    /** What EHLO says of it. */
    Optional<String> extension(Submitter client) {
        return session == null ? Optional.empty() : session.extension(client);
    }

    /** Whether the next line is a response. */
    boolean isUnderWay() {
        return session != null && session.isUnderWay();
    }

    /** All that was said before TLS is forgotten. */
    void forget() {
        if (session != null) {
            session.forget();
        }
    }

    /** The AUTH command; empty where the listener has none. */
    Optional<AuthReply> command(String argument, Submitter client, boolean inTransaction) {
        return session == null
                ? Optional.empty()
                : Optional.of(session.command(argument, client, inTransaction));
    }

    /** A line of an exchange; empty when it is none at all, and ends the session. */
    Optional<AuthReply> line(Line line) {
        if (session == null) {
            throw new IllegalStateException("no exchange is under way");
        }
        return switch (line) {
            case Line.Command(String text) -> Optional.of(session.line(text));
            case Line.Flaw.TOO_LONG, Line.Flaw.NOT_UTF8, Line.Flaw.UNREADABLE_BDAT ->
                    Optional.of(session.unreadable());
            case Line.Flaw.ENDLESS,
                    Line.Flaw.BARE_CR_OR_LF,
                    Line.Flaw.TLS_HANDSHAKE,
                    Line.Flaw.END_OF_INPUT ->
                    Optional.empty();
        };
    }

    /** Whether this client has to log in before it submits mail (RFC 4954 section 6). */
    boolean isMissing(Submitter client) {
        return mode == AuthMode.REQUIRED && client.login().isEmpty();
    }
}
