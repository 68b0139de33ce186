package posthaste.bounce.dsn;

import java.util.List;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.record.Notice;

/** The part for people, which comes first: what happened to which recipient, and what now. */
final class Explanation {
    private static final String TOP = "";
    private static final String RECIPIENT = "  ";
    private static final String DETAIL = "      ";

    private final Lines lines = new Lines();

    private Explanation() {}

    static Explanation of(
            Notice notice, List<Notice.Entry> entries, Reporter reporter, Returned returned) {
        Explanation explanation = new Explanation();
        explanation.lines.text(TOP, "This is the mail system at " + reporter.mta() + ".").blank();
        for (Notice.Action action : Notice.Action.values()) {
            List<Notice.Entry> alike =
                    entries.stream().filter(entry -> entry.action() == action).toList();
            if (!alike.isEmpty()) {
                explanation.describe(action, alike, notice.envelope().envelope());
            }
        }
        explanation.close(notice.envelope().envelope(), returned);
        return explanation;
    }

    /** The subject of the mail: its gravest news. */
    static String subject(List<Notice.Entry> entries) {
        return switch (gravest(entries)) {
            case FAILED -> "Your mail could not be delivered";
            case EXPIRED -> "Your mail could not be delivered in time";
            case DELAYED -> "Your mail is delayed";
            case RELAYED -> "Your mail was passed on";
        };
    }

    @Override
    public String toString() {
        return lines.toString();
    }

    /** The actions are declared from grave to harmless. */
    private static Notice.Action gravest(List<Notice.Entry> entries) {
        return entries.stream()
                .map(Notice.Entry::action)
                .min(Notice.Action::compareTo)
                .orElseThrow(() -> new IllegalArgumentException("a DSN is about someone"));
    }

    private void describe(Notice.Action action, List<Notice.Entry> entries, Envelope envelope) {
        lines.text(TOP, sentence(action)).blank();
        for (Notice.Entry entry : entries) {
            lines.text(
                    RECIPIENT, "<" + envelope.recipients().get(entry.recipient()).address() + ">");
            lines.text(DETAIL, entry.reason());
            entry.reply()
                    .ifPresent(reply ->
                            lines.text(
                                    DETAIL,
                                    entry.remoteHost().isBlank()
                                            ? "The answer was: " + reply
                                            : entry.remoteHost() + " said: " + reply));
            entry.willRetryUntil()
                    .filter(_ -> action == Notice.Action.DELAYED)
                    .ifPresent(until ->
                            lines.text(
                                    DETAIL,
                                    "We keep trying until " + DeliveryStatus.date(until) + "."));
            lines.blank();
        }
    }

    private static String sentence(Notice.Action action) {
        return switch (action) {
            case FAILED ->
                    "Your message could not be delivered to the recipients below. It will not be"
                            + " tried again.";
            case EXPIRED ->
                    "Your message could not be delivered to the recipients below, although it was"
                            + " tried for as long as we keep mail. It will not be tried again.";
            case DELAYED ->
                    "Your message has not been delivered to the recipients below yet. You need not"
                            + " send it again.";
            case RELAYED ->
                    "Your message was passed on for the recipients below to a mail system that"
                            + " does not confirm deliveries. You may not be told anything further.";
        };
    }

    private void close(Envelope envelope, Returned returned) {
        lines.text(TOP, "It was accepted on " + DeliveryStatus.date(envelope.acceptedAt()) + ",")
                .text(TOP, "its id here is " + envelope.id() + ".");
        lines.text(
                TOP,
                switch (returned) {
                    case Returned.Whole _ -> "The message is attached.";
                    case Returned.HeaderSection header when header.cut() ->
                            "The beginning of its header section is attached.";
                    case Returned.HeaderSection _ -> "Its header section is attached.";
                    case Returned.Nothing nothing -> nothing.why();
                });
    }
}
