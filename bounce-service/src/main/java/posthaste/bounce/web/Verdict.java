package posthaste.bounce.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import posthaste.bounce.deliverylog.RecipientStanding;
import posthaste.bounce.deliverylog.StoryPages.Part;

/**
 * A mail's story in two sentences: how it stands, and what happens next.
 *
 * @param tone {@code good}, {@code wait} or {@code bad}
 * @param isOver whether nothing more is to happen
 */
public record Verdict(String tone, String headline, String next, boolean isOver) {
    private static final String OVER = "Nothing more is to happen.";

    /** States of those that do not get it, or do not get it here. */
    private static final Set<String> NOT = Set.of("failed", "bounced", "expired", "removed");

    /**
     * Of the mail, or of one recipient.
     *
     * @param only whose story it is; empty: the whole mail's
     */
    static Verdict of(Part story, String only, Shown show) {
        List<RecipientStanding> recipients = story.mail().recipients();
        if (!only.isEmpty() && recipients.isEmpty()) {
            return new Verdict(
                    "wait",
                    "This mail has no such recipient.",
                    "As far as the log knows it was not accepted for this address.",
                    true);
        }
        if (story.states().isEmpty()) {
            return new Verdict(
                    "wait", "Accepted.", "The log reads its first events just now.", false);
        }
        return recipients.size() == 1 && (!only.isEmpty() || story.mail().recipientCount() == 1)
                ? ofOne(recipients.getFirst(), cameBack(story), show)
                : ofMany(story, show);
    }

    private static boolean cameBack(Part story) {
        return story.events().stream().anyMatch(event -> event.kind().equals("returned"));
    }

    private static Verdict ofMany(Part story, Shown show) {
        Map<String, Long> states = story.states();
        long all = states.values().stream().mapToLong(Long::longValue).sum();
        long delivered = states.getOrDefault("delivered", 0L);
        long setAside = states.getOrDefault("quarantined", 0L);
        long refused = states.getOrDefault("failed", 0L);
        long not = NOT.stream().mapToLong(state -> states.getOrDefault(state, 0L)).sum();
        long waiting = all - delivered - setAside - not;
        long unread = story.mail().recipientCount() - all;
        List<String> parts = new ArrayList<>();
        part(parts, show, delivered, " got it");
        part(parts, show, waiting, waiting == 1 ? " waits" : " wait");
        part(parts, show, setAside, setAside == 1 ? " is in quarantine" : " are in quarantine");
        part(parts, show, not, not == 1 ? " does not get it" : " do not get it");
        part(parts, show, unread, unread == 1 ? " is not read yet" : " are not read yet");
        List<String> next = new ArrayList<>();
        if (waiting > 0) {
            next.add("Those that wait are tried again until they are delivered or expire.");
        }
        if (setAside > 0) {
            next.add(
                    "About quarantine an operator decides, or it ends when its time there is over.");
        }
        if (refused > 0) {
            next.add("Of refusals the sender is told next.");
        }
        boolean isOver = next.isEmpty() && unread <= 0;
        return new Verdict(
                not > 0 || cameBack(story) ? "bad" : isOver ? "good" : "wait",
                "Of %s recipients %s."
                        .formatted(
                                show.count(story.mail().recipientCount()),
                                String.join(", ", parts)),
                isOver ? OVER : String.join(" ", next),
                isOver);
    }

    private static void part(List<String> parts, Shown show, long count, String what) {
        if (count > 0) {
            parts.add(show.count(count) + what);
        }
    }

    private static Verdict ofOne(RecipientStanding one, boolean cameBack, Shown show) {
        String told =
                one.dsnId().isPresent()
                        ? "The sender was told. " + OVER
                        : "The sender was not told. " + OVER;
        return switch (one.state()) {
            case "delivered" ->
                    cameBack
                            ? new Verdict(
                                    "bad",
                                    "Delivered, and it came back: a bounce followed.",
                                    "What that said stands below. " + OVER,
                                    true)
                            : new Verdict(
                                    "good",
                                    "Delivered: the recipient's server has taken it.",
                                    "Nothing more is to happen here; whether it went to the inbox"
                                            + " or to spam, that server knows.",
                                    true);
            case "bounced" ->
                    new Verdict("bad", "Not delivered: it was refused for good.", told, true);
            case "expired" ->
                    new Verdict(
                            "bad",
                            "Not delivered: it was tried until its time was over.",
                            told,
                            true);
            case "removed" ->
                    new Verdict(
                            "bad",
                            "Not delivered: it was removed"
                                    + (one.reason().isEmpty() ? "." : " (" + one.reason() + ")."),
                            OVER,
                            true);
            case "failed" ->
                    new Verdict(
                            "bad", "It was refused for good.", "The sender is told next.", false);
            case "deferred" ->
                    new Verdict(
                            "wait",
                            "Not delivered yet: the last attempt did not work.",
                            one.nextAttempt()
                                    .map(at -> "It is tried again " + show.distance(at) + ".")
                                    .orElse("It is about to be tried again or given up."),
                            false);
            case "quarantined" ->
                    new Verdict(
                            "wait",
                            "Set aside in quarantine.",
                            "An operator decides, or it is removed when its time there is over.",
                            false);
            default ->
                    new Verdict(
                            "wait",
                            "Accepted, and on its way.",
                            "The first attempt comes as soon as it is its turn.",
                            false);
        };
    }
}
