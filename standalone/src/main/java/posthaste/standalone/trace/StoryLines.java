package posthaste.standalone.trace;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import posthaste.bounce.deliverylog.LoggedEvent;
import posthaste.bounce.deliverylog.LoggedEvent.LoggedAttempt;
import posthaste.bounce.deliverylog.LoggedMail;
import posthaste.bounce.deliverylog.MailStory;
import posthaste.bounce.deliverylog.RecipientStanding;
import posthaste.mail.outcome.Conversation;
import posthaste.mail.text.VisibleText;
import posthaste.standalone.terminal.Ink;

/** Tells stories, a line an event, oldest first. */
public final class StoryLines {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /** What a mail told us that came back. */
    private static final Set<String> CAME_BACK =
            Set.of("returned", "delay_reported", "confirmed", "complained", "replied");

    private static final int AGE_WIDTH = 9;
    private static final int KIND_WIDTH = 11;

    private final Ink ink;
    private final Instant now;
    private final boolean withConversation;

    /**
     * @param now what waits is told from
     * @param withConversation whether to tell what both sides said
     */
    public StoryLines(Ink ink, Instant now, boolean withConversation) {
        this.ink = ink;
        this.now = now;
        this.withConversation = withConversation;
    }

    /** One mail: its head, how each recipient stands, and what happened. */
    public List<String> of(MailStory story) {
        LoggedMail mail = story.mail();
        List<String> lines = new ArrayList<>();
        lines.add(ink.bold(mail.id()) + head(mail));
        for (RecipientStanding recipient : mail.recipients()) {
            lines.add("  " + VisibleText.of(recipient.address()) + "  " + standing(recipient));
            Outlook.meaning(recipient).ifPresent(meaning -> lines.add("      " + meaning));
            lines.add("      " + Outlook.next(recipient, now));
        }
        boolean several = mail.recipientCount() > 1;
        for (LoggedEvent event : story.events()) {
            lines.add(line(mail.acceptedAt(), event, several));
            if (withConversation) {
                event.attempt().ifPresent(attempt -> addConversation(attempt, lines));
            }
        }
        if (story.isCut()) {
            lines.add("  " + ink.faint("... and more events than are shown here"));
        }
        return lines;
    }

    private void addConversation(LoggedAttempt attempt, List<String> lines) {
        for (Conversation.Line line : attempt.conversation()) {
            String text = VisibleText.of(line.text());
            lines.add(
                    " ".repeat(AGE_WIDTH + 6)
                            + ink.faint("%6d ms ".formatted(line.millis()))
                            + switch (line.side()) {
                                case WE -> "> " + text;
                                case THEY -> "< " + text;
                                case NOTE -> ink.faint("* " + text);
                            });
        }
    }

    private String head(LoggedMail mail) {
        String from =
                mail.envelope()
                        .map(envelope ->
                                " from <%s> by %s, %,d bytes, stream %s"
                                        .formatted(
                                                VisibleText.of(envelope.sender()),
                                                VisibleText.of(envelope.clientAddress()),
                                                envelope.size(),
                                                envelope.stream()))
                        .orElse(", whose acceptance the log has not read");
        return "  accepted " + TIME.format(mail.acceptedAt()) + from;
    }

    private String standing(RecipientStanding recipient) {
        String next =
                recipient
                        .nextAttempt()
                        .filter(_ -> !recipient.isFinal())
                        .map(at -> ", tried again " + TIME.format(at))
                        .orElse("");
        return coloured(recipient.state(), recipient.state()) + ink.faint(next);
    }

    private String line(Instant acceptedAt, LoggedEvent event, boolean several) {
        StringBuilder line = new StringBuilder();
        line.append(
                ("%" + (AGE_WIDTH + 4) + "s  ")
                        .formatted("+" + age(Duration.between(acceptedAt, event.time()))));
        String kind = event.kind().replace('_', ' ');
        line.append(coloured(event.kind(), kind));
        line.append(" ".repeat(Math.max(1, KIND_WIDTH + 1 - kind.length())));
        if (several) {
            line.append(VisibleText.of(event.recipient())).append("  ");
        }
        event.attempt().map(StoryLines::peer).ifPresent(line::append);
        line.append(VisibleText.of(event.reply().orElse("")));
        if (!event.reason().isEmpty()) {
            line.append(event.reply().isPresent() ? " - " : "")
                    .append(VisibleText.of(event.reason()));
        }
        if (event.ambiguous()) {
            line.append(ink.waiting(" (no answer after the message: it may have arrived)"));
        }
        event.nextAttempt()
                .ifPresent(at -> line.append(ink.faint("; tried again " + TIME.format(at))));
        event.dsnId()
                .ifPresent(id ->
                        line.append(
                                ink.faint(
                                        (CAME_BACK.contains(event.kind())
                                                        ? "; told by mail "
                                                        : "; the sender is told by ")
                                                + VisibleText.of(id))));
        return line.toString().stripTrailing();
    }

    private static String peer(LoggedAttempt attempt) {
        String host =
                Optional.of(attempt.remoteHost())
                        .filter(name -> !name.isEmpty())
                        .orElse(attempt.remoteAddress());
        return host.isEmpty() ? "" : VisibleText.of(host) + ": ";
    }

    private String coloured(String state, String text) {
        return switch (state) {
            case "delivered", "confirmed" -> ink.good(text);
            case "queued",
                    "deferred",
                    "requeued",
                    "delay_warned",
                    "quarantined",
                    "delay_reported",
                    "replied" ->
                    ink.waiting(text);
            default -> ink.bad(text);
        };
    }

    /** As {@code 0.12 s}, {@code 5 min} or {@code 3 h}. */
    private static String age(Duration age) {
        return age.toMinutes() < 2
                ? String.format(Locale.ROOT, "%.2f s", age.toMillis() / 1e3)
                : age.toHours() < 2 ? age.toMinutes() + " min" : age.toHours() + " h";
    }
}
