package posthaste.ingest.auth;

import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import posthaste.ingest.auth.sasl.Exchange;
import posthaste.ingest.auth.sasl.Mechanism;
import posthaste.ingest.auth.sasl.Step;
import posthaste.ingest.auth.sasl.Verdict;
import posthaste.ingest.submitter.Submitter;

/**
 * AUTH in one session (RFC 4954) as a state machine: its lines in, replies out. While an exchange
 * {@link #isUnderWay}, the client's next line belongs to it, whatever it says. Used by the
 * session's thread, which a failure keeps waiting.
 */
public final class SessionLogin {
    /** Octets of a line of an exchange with its CRLF, RFC 4954 section 4. */
    public static final int LINE_LIMIT = 12_288;

    private static final String CANCEL = "*";
    private static final String NOTHING = "=";
    private static final int BASE64_UNIT = 4;

    private final Authentication authentication;
    private final boolean inClear;
    private @Nullable Exchange exchange;
    private int failures;

    /**
     * Takes what the listener says.
     *
     * @param inClear whether secrets may travel without TLS, from this machine alone
     */
    public SessionLogin(Authentication authentication, boolean inClear) {
        this.authentication = authentication;
        this.inClear = inClear;
    }

    /** What EHLO says, as {@code AUTH PLAIN LOGIN}; empty where this client cannot log in. */
    public Optional<String> extension(Submitter client) {
        return authentication.mechanisms().isEmpty() || !isSafe(client)
                ? Optional.empty()
                : Optional.of(
                        authentication.mechanisms().stream()
                                .map(Mechanism::wireName)
                                .collect(Collectors.joining(" ", "AUTH ", "")));
    }

    /** Whether the next line is a response and no command. */
    public boolean isUnderWay() {
        return exchange != null;
    }

    /** After STARTTLS nothing of what was said before holds (RFC 3207 section 4.2). */
    public void forget() {
        exchange = null;
    }

    /**
     * The AUTH command.
     *
     * @param argument what follows the verb
     * @param isTransaction whether a mail has been begun
     */
    public AuthReply command(String argument, Submitter client, boolean isTransaction) {
        if (client.login().isPresent()) {
            return say("503 5.5.1 you are logged in already");
        }
        if (isTransaction) {
            return say("503 5.5.1 a mail has been begun");
        }
        int space = argument.indexOf(' ');
        String name = space < 0 ? argument : argument.substring(0, space);
        if (name.isEmpty()) {
            return say("501 5.5.4 say AUTH and a mechanism");
        }
        if (!isSafe(client)) {
            return say("538 5.7.11 encryption is required: say STARTTLS first");
        }
        Optional<Mechanism> mechanism =
                Mechanism.named(name).filter(authentication.mechanisms()::contains);
        if (mechanism.isEmpty()) {
            return say("504 5.5.4 that mechanism is not offered");
        }
        Exchange begun = mechanism.get().begin(authentication.judge(client, mechanism.get()));
        if (space < 0) {
            return challenge(begun, begun.firstChallenge());
        }
        String initial = argument.substring(space + 1);
        return initial.equals(NOTHING) ? respond(begun, new byte[0]) : decoded(begun, initial);
    }

    /** The client's next line, without its CRLF. */
    public AuthReply line(String text) {
        Exchange current = exchange;
        exchange = null;
        if (current == null) {
            throw new IllegalStateException("no exchange is under way");
        }
        return text.equals(CANCEL)
                ? say("501 5.7.0 cancelled, as you say")
                : decoded(current, text);
    }

    /** The client's next line was longer than {@link #LINE_LIMIT}, or no text. */
    public AuthReply unreadable() {
        exchange = null;
        return say("500 5.5.6 a line of an authentication is longer than " + LINE_LIMIT);
    }

    private AuthReply decoded(Exchange current, String base64) {
        byte[] response;
        try {
            if (base64.length() % BASE64_UNIT != 0) {
                return say("501 5.5.2 that is no base64");
            }
            response = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            return say("501 5.5.2 that is no base64");
        }
        return respond(current, response);
    }

    private AuthReply respond(Exchange current, byte[] response) {
        return switch (current.respond(response)) {
            case Step.Challenge challenge -> challenge(current, challenge.octets());
            case Step.Malformed(String reason) -> say("501 5.5.2 " + reason);
            case Step.Judged(Verdict verdict) -> judged(verdict);
        };
    }

    private AuthReply challenge(Exchange current, byte[] octets) {
        exchange = current;
        return say("334 " + Base64.getEncoder().encodeToString(octets));
    }

    private AuthReply judged(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted(var login) ->
                    new AuthReply.LoggedIn("235 2.7.0 you are logged in", login);
            case Verdict.Refused _ -> failed("535 5.7.8 authentication failed");
            case Verdict.Deferred.BLOCKED ->
                    failed("454 4.7.0 too many failed logins, try again later");
            case Verdict.Deferred.UNAVAILABLE ->
                    say("454 4.7.0 logins cannot be checked now, try again later");
        };
    }

    /** Keeps the client waiting, the longer the more often it fails; then it has to go. */
    private AuthReply failed(String reply) {
        failures++;
        try {
            Thread.sleep(authentication.limits().delay().multipliedBy(failures));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new AuthReply.GoodBye("421 4.3.0 closing");
        }
        return failures >= authentication.limits().failures()
                ? new AuthReply.GoodBye("421 4.7.0 too many failed logins")
                : say(reply);
    }

    private boolean isSafe(Submitter client) {
        return client.tls().isPresent() || (inClear && client.address().isLoopbackAddress());
    }

    private static AuthReply say(String reply) {
        return new AuthReply.Say(reply);
    }
}
