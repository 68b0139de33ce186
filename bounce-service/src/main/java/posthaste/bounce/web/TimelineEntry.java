package posthaste.bounce.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import posthaste.bounce.deliverylog.LoggedEvent;
import posthaste.bounce.deliverylog.LoggedEvent.LoggedAttempt;

/**
 * One point of a mail's time line.
 *
 * @param headline one sentence
 * @param explanation of the status code, in plain words; empty when there is nothing to explain
 * @param conversation of the attempt, as far as its record tells
 * @param letter what the mail is called that the event leads to
 */
public record TimelineEntry(
        LoggedEvent event,
        String headline,
        String explanation,
        List<Line> conversation,
        String letter) {

    /** Something that was said. */
    public record Line(boolean ours, String text) {}

    private static final Set<String> TRIED = Set.of("deferred", "failed");

    static TimelineEntry of(LoggedEvent event) {
        return new TimelineEntry(
                event,
                headline(event),
                tellsMore(event) ? StatusExplanation.of(event.enhancedCode()).orElse("") : "",
                event.attempt().map(attempt -> conversation(event, attempt)).orElse(List.of()),
                event.kind().equals("bounced")
                                || event.kind().equals("expired")
                                || event.kind().equals("delay_warned")
                        ? "The notification that the sender got"
                        : "The mail that tells it");
    }

    /** What both sides did, in order; only what the record of the attempt has. */
    private static List<Line> conversation(LoggedEvent event, LoggedAttempt attempt) {
        List<Line> said = new ArrayList<>();
        if (!attempt.remoteAddress().isEmpty()) {
            said.add(
                    new Line(
                            true,
                            "connect to "
                                    + (attempt.remoteHost().isEmpty()
                                            ? attempt.remoteAddress()
                                            : attempt.remoteHost()
                                                    + " ["
                                                    + attempt.remoteAddress()
                                                    + "]")
                                    + (attempt.sourceAddress().isEmpty()
                                            ? ""
                                            : " from " + attempt.sourceAddress())));
        }
        if (!attempt.tls().isEmpty()) {
            said.add(new Line(true, "STARTTLS, then " + attempt.tls()));
        }
        if (!attempt.remoteAddress().isEmpty()) {
            said.add(new Line(true, "the mail for <" + event.recipient() + ">"));
        }
        event.reply().ifPresent(reply -> said.add(new Line(false, reply)));
        return said;
    }

    /**
     * The reply, but for an end that is not an attempt's: there it stands at the attempt before.
     */
    public Optional<String> reply() {
        return event.attempt().isPresent() || event.reason().isEmpty()
                ? event.reply()
                : Optional.empty();
    }

    /** Where we give a reason and nobody else said anything, the code has nothing to add. */
    private static boolean tellsMore(LoggedEvent event) {
        return TRIED.contains(event.kind())
                && (event.reason().isEmpty() || event.reply().isPresent());
    }

    private static String headline(LoggedEvent event) {
        String peer = event.attempt().map(TimelineEntry::peer).orElse("");
        String attempt =
                event.attempt()
                        .map(LoggedAttempt::number)
                        .filter(n -> n > 1)
                        .map(n -> " at attempt " + n)
                        .orElse("");
        return switch (event.kind()) {
            case "delivered" -> "Delivered" + (peer.isEmpty() ? "" : " to " + peer) + attempt;
            case "deferred" ->
                    (event.ambiguous()
                                    ? "No answer after the message was sent"
                                    : event.nextAttempt().isPresent()
                                            ? "Deferred"
                                            : "Deferred for the last time")
                            + (peer.isEmpty() ? "" : " by " + peer)
                            + attempt;
            case "failed" -> "Refused" + (peer.isEmpty() ? "" : " by " + peer) + attempt;
            case "bounced" ->
                    event.dsnId().isPresent()
                            ? "Bounced: the sender was told"
                            : "Bounced: the sender was not told";
            case "expired" ->
                    event.dsnId().isPresent()
                            ? "Given up: the sender was told"
                            : "Given up: the sender was not told";
            case "delay_warned" -> "The sender was notified";
            case "removed" -> "Removed";
            case "quarantined" -> "Set aside in quarantine";
            case "returned" -> "Came back: it bounced after it had been delivered";
            case "delay_reported" -> "The other side reports a delay";
            case "confirmed" -> "The other side confirms the delivery";
            case "complained" -> "The recipient complained that it is spam";
            case "replied" -> "Answered automatically";
            case "requeued" -> "Put back into the queue by an operator";
            default -> event.kind();
        };
    }

    private static String peer(LoggedAttempt attempt) {
        return Optional.of(attempt.remoteHost())
                .filter(host -> !host.isEmpty())
                .orElse(attempt.remoteAddress());
    }
}
