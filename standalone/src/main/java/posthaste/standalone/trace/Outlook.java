package posthaste.standalone.trace;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import posthaste.bounce.deliverylog.RecipientStanding;
import posthaste.bounce.web.StatusExplanation;

/** What a recipient's standing means in plain words, and what happens next. */
final class Outlook {
    private Outlook() {}

    /** What the code says; empty where nothing went wrong, or our own words say it already. */
    static Optional<String> meaning(RecipientStanding recipient) {
        return recipient.state().equals("delivered") || recipient.reply().isEmpty()
                ? Optional.empty()
                : recipient.enhancedCode().flatMap(StatusExplanation::of);
    }

    /** One sentence or two. */
    static String next(RecipientStanding recipient, Instant now) {
        return switch (recipient.state()) {
            case "delivered" ->
                    "The receiving server has it: what it does with it we are not told, unless it"
                            + " comes back.";
            case "bounced", "expired" -> "It will not be tried again. " + told(recipient);
            case "failed" -> "It will not be tried again. The sender is about to be told.";
            case "removed" -> "It will not be tried: an operator took it out.";
            case "quarantined" ->
                    "It waits for an operator to look at it"
                            + recipient
                                    .nextAttempt()
                                    .map(until -> ", " + wait(until, now) + " at most")
                                    .orElse("")
                            + ".";
            default -> waiting(recipient, now);
        };
    }

    private static String told(RecipientStanding recipient) {
        return recipient
                .dsnId()
                .map(id -> "The sender was told by mail " + id + ".")
                .orElse("The sender was not told.");
    }

    private static String waiting(RecipientStanding recipient, Instant now) {
        return recipient
                .nextAttempt()
                .map(at ->
                        now.isBefore(at)
                                ? "It is tried again in " + wait(at, now) + "."
                                : "It is due, and tried again any moment.")
                .orElse(
                        recipient.attempts() == 0
                                ? "It waits for its first attempt."
                                : "It was tried for the last time; the sender is about to be"
                                        + " told.");
    }

    private static String wait(Instant until, Instant now) {
        Duration wait = Duration.between(now, until);
        return wait.toMinutes() < 2
                ? Math.max(0, wait.toSeconds()) + " s"
                : wait.toHours() < 2
                        ? wait.toMinutes() + " min"
                        : wait.toDays() < 3 ? wait.toHours() + " h" : wait.toDays() + " days";
    }
}
