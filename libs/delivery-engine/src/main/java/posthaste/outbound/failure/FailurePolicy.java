package posthaste.outbound.failure;

import java.time.Duration;
import java.util.Optional;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.Outcome.Deferred;
import posthaste.mail.outcome.Outcome.Failed;
import posthaste.mail.outcome.Outcome.Kind;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;

/**
 * Decides what troubles lead to.
 *
 * <ul>
 *   <li>Connection, greeting, EHLO, a {@code 421} before the final dot, nonsense: the host's
 *       trouble. The next host is tried; without one the mail is deferred. A greeting with {@code
 *       5xx} says "not here", not "never": deferred too. Only an EHLO refused with {@code 5xx} by
 *       the last host is final.
 *   <li>MAIL, DATA and the final dot refused: the message's, everywhere; RCPT: the recipient's. No
 *       other host is asked: the hosts of a domain share their opinions, and greylisting on all of
 *       them at once helps nobody.
 *   <li>A host that does not offer what the mail needs: another may, unless the mail needs it for
 *       its addresses or its header, which a domain's hosts are expected to take alike.
 *   <li>After the final dot without an intelligible reply the mail may have been delivered: it is
 *       deferred as ambiguous and never sent again at once.
 * </ul>
 */
public final class FailurePolicy {
    private static final EnhancedStatusCode NO_ANSWER = new EnhancedStatusCode(4, 4, 1);
    private static final EnhancedStatusCode BAD_CONNECTION = new EnhancedStatusCode(4, 4, 2);
    private static final EnhancedStatusCode PROTOCOL_ERROR = new EnhancedStatusCode(4, 5, 0);
    private static final EnhancedStatusCode ENCRYPTION_NEEDED = new EnhancedStatusCode(4, 7, 10);
    private static final EnhancedStatusCode NO_ENCRYPTION = new EnhancedStatusCode(5, 7, 10);
    private static final EnhancedStatusCode TLS_TROUBLE = new EnhancedStatusCode(4, 7, 5);

    /** RFC 5321 section 3.8: the server closes the connection, whatever the command was. */
    private static final int CLOSING = 421;

    private FailurePolicy() {}

    /** Whom it concerns. */
    public static Scope scope(Trouble trouble) {
        if (trouble.stage() == Stage.DOT) {
            return Scope.MESSAGE;
        }
        return switch (trouble) {
            case Trouble.Refused(Stage stage, Reply reply) ->
                    reply.code() == CLOSING ? Scope.HOST : scopeOfRefusalAt(stage);
            case Trouble.Unfit(Stage stage, _, _) -> scopeOfRefusalAt(stage);
            case Trouble.Lost _,
                    Trouble.TimedOut _,
                    Trouble.Nonsense _,
                    Trouble.HandshakeFailed _,
                    Trouble.NotSecured _ ->
                    Scope.HOST;
        };
    }

    /** Whether it says that the destination wants fewer connections from us, or had too many. */
    public static boolean asksForLess(Trouble trouble) {
        return (scope(trouble) == Scope.HOST && !(trouble instanceof Trouble.Unfit))
                || (trouble instanceof Trouble.Refused(_, Reply reply) && reply.code() == CLOSING);
    }

    /** The outcome for a recipient when no further host is tried. */
    public static Outcome outcome(Trouble trouble, String host) {
        return switch (trouble) {
            case Trouble.Refused(Stage stage, Reply reply) -> refused(stage, reply, host);
            case Trouble.Lost(Stage stage, String why) ->
                    deferred(
                            stage,
                            stage == Stage.CONNECT ? NO_ANSWER : BAD_CONNECTION,
                            stage == Stage.CONNECT
                                    ? "cannot connect to " + host + ": " + why
                                    : "lost the connection with "
                                            + host
                                            + " while "
                                            + stage
                                            + ": "
                                            + why);
            case Trouble.TimedOut(Stage stage, Duration waited) ->
                    deferred(
                            stage,
                            stage == Stage.CONNECT ? NO_ANSWER : BAD_CONNECTION,
                            host + " did not answer within " + words(waited) + " while " + stage);
            case Trouble.Nonsense(Stage stage, String what) ->
                    deferred(
                            stage,
                            PROTOCOL_ERROR,
                            host + " broke the protocol while " + stage + ": " + what);
            case Trouble.HandshakeFailed(String why) ->
                    deferred(
                            Stage.STARTTLS,
                            TLS_TROUBLE,
                            "the TLS handshake with " + host + " failed: " + why);
            case Trouble.NotSecured(String why) ->
                    deferred(Stage.STARTTLS, ENCRYPTION_NEEDED, host + " " + why);
            case Trouble.Unfit(_, EnhancedStatusCode status, String why) ->
                    new Failed(status, Optional.empty(), host + " " + why);
        };
    }

    /**
     * The same for a mail whose sender demands TLS: when no host has it the sender is to be told
     * (RFC 8689 section 4.2.1).
     */
    public static Outcome outcomeWhereTlsIsDemanded(Trouble trouble, String host) {
        return switch (trouble) {
            case Trouble.NotSecured(String why) ->
                    new Failed(NO_ENCRYPTION, Optional.empty(), host + " " + why);
            case Trouble.HandshakeFailed(String why) ->
                    new Failed(
                            NO_ENCRYPTION,
                            Optional.empty(),
                            "the TLS handshake with " + host + " failed: " + why);
            default -> outcome(trouble, host);
        };
    }

    /** Whether it is what a host does not have, and another one of the destination may. */
    public static boolean isLackOfTheHost(Trouble trouble) {
        return scope(trouble) == Scope.HOST
                && (trouble instanceof Trouble.Unfit
                        || trouble instanceof Trouble.NotSecured
                        || trouble instanceof Trouble.HandshakeFailed);
    }

    private static Scope scopeOfRefusalAt(Stage stage) {
        return switch (stage) {
            case CONNECT, GREETING, EHLO, STARTTLS -> Scope.HOST;
            case MAIL, DATA, MESSAGE, DOT -> Scope.MESSAGE;
            case RCPT -> Scope.RECIPIENT;
        };
    }

    private static Outcome refused(Stage stage, Reply reply, String host) {
        EnhancedStatusCode status = reply.status();
        String reason = host + " refused while " + stage;
        boolean permanent = status.statusClass() == 5 && stage != Stage.GREETING;
        if (permanent) {
            return new Failed(status, Optional.of(reply), reason);
        }
        return new Deferred(
                new EnhancedStatusCode(4, status.subject(), status.detail()),
                Optional.of(reply),
                reason,
                Kind.ATTEMPTED,
                Duration.ZERO);
    }

    private static Outcome deferred(Stage stage, EnhancedStatusCode status, String reason) {
        return new Deferred(
                status,
                Optional.empty(),
                reason,
                stage == Stage.DOT ? Kind.AMBIGUOUS : Kind.ATTEMPTED,
                Duration.ZERO);
    }

    private static String words(Duration waited) {
        return waited.toSeconds() > 0 ? waited.toSeconds() + " s" : waited.toMillis() + " ms";
    }
}
