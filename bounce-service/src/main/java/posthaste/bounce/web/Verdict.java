package posthaste.bounce.web;

import java.util.List;
import posthaste.bounce.deliverylog.LoggedMail;
import posthaste.bounce.deliverylog.RecipientStanding;

/**
 * A mail's story in two sentences: how it stands, and what happens next.
 *
 * @param tone {@code good}, {@code wait} or {@code bad}
 * @param isOver whether nothing more is to happen
 */
public record Verdict(String tone, String headline, String next, boolean isOver) {

    static Verdict of(LoggedMail mail, List<RecipientStanding> recipients, Shown show) {
        if (recipients.isEmpty()) {
            return new Verdict(
                    "wait", "Accepted.", "The log reads its first events just now.", false);
        }
        if (recipients.size() == 1) {
            return ofOne(recipients.getFirst(), show);
        }
        long delivered = count(recipients, "delivered");
        long open = recipients.stream().filter(one -> !one.isFinal()).count();
        long ended = recipients.size() - delivered - open;
        String headline =
                "Of %s recipients %s got it, %s wait, for %s it ended otherwise."
                        .formatted(
                                show.count(recipients.size())
                                        + (mail.recipientCount() > recipients.size()
                                                ? " (of " + show.count(mail.recipientCount()) + ")"
                                                : ""),
                                show.count(delivered),
                                show.count(open),
                                show.count(ended));
        return new Verdict(
                ended > 0 ? "bad" : open > 0 ? "wait" : "good",
                headline,
                open > 0
                        ? "Those that wait are tried again until they are delivered or expire."
                        : "Nothing more is to happen.",
                open == 0);
    }

    private static long count(List<RecipientStanding> recipients, String state) {
        return recipients.stream().filter(one -> one.state().equals(state)).count();
    }

    private static Verdict ofOne(RecipientStanding one, Shown show) {
        String told =
                one.dsnId().isPresent()
                        ? "The sender was told. Nothing more is to happen."
                        : "The sender was not told. Nothing more is to happen.";
        return switch (one.state()) {
            case "delivered" ->
                    new Verdict(
                            "good",
                            "Delivered: the recipient's server has taken it.",
                            "Nothing more is to happen here; whether it went to the inbox or to"
                                    + " spam, that server knows.",
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
                            "Not delivered: an operator removed it.",
                            "Nothing more is to happen.",
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
