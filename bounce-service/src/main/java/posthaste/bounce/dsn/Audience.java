package posthaste.bounce.dsn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.Notify;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.record.Notice;

/**
 * Of which entries of a notice the sender is told.
 *
 * @param told may be empty; together with {@code untold} these are the notice's entries
 */
public record Audience(Notice notice, List<Notice.Entry> told, List<Untold> untold) {

    /** Why the sender is not told. */
    public enum Silence {
        /** RFC 5321 section 4.5.5: a notification is never answered by another. */
        NULL_REVERSE_PATH("null reverse-path"),
        /** RFC 3461 section 4.1. */
        NOTIFY_NEVER("NOTIFY=NEVER"),
        /** NOTIFY was given and does not name this case. */
        NOT_ASKED_FOR("NOTIFY does not ask for it"),
        /** The reverse-path may be forged, and whom it names was told too often. */
        TOO_MANY_TO_ADDRESS("too many notifications to this address"),
        /** The same of its domain. */
        TOO_MANY_TO_DOMAIN("too many notifications to this domain");

        private final String words;

        Silence(String words) {
            this.words = words;
        }

        /** As the delivery log shows it, after {@code no DSN: }. */
        public String words() {
            return words;
        }
    }

    /** An entry of which nobody is told. */
    public record Untold(Notice.Entry entry, Silence silence) {}

    public Audience {
        told = List.copyOf(told);
        untold = List.copyOf(untold);
    }

    /** Decides for each entry by the envelope alone. */
    public static Audience of(Notice notice) {
        List<Notice.Entry> told = new ArrayList<>();
        List<Untold> untold = new ArrayList<>();
        for (Notice.Entry entry : notice.entries()) {
            silence(notice, entry)
                    .ifPresentOrElse(
                            silence -> untold.add(new Untold(entry, silence)),
                            () -> told.add(entry));
        }
        return new Audience(notice, told, untold);
    }

    /** The same notice of which nobody is told, for a reason that the envelope does not know. */
    public Audience silenced(Silence why) {
        List<Untold> all = new ArrayList<>(untold);
        told.forEach(entry -> all.add(new Untold(entry, why)));
        return new Audience(notice, List.of(), all);
    }

    private static Optional<Silence> silence(Notice notice, Notice.Entry entry) {
        if (notice.envelope().envelope().reversePath() instanceof ReversePath.Null) {
            return Optional.of(Silence.NULL_REVERSE_PATH);
        }
        boolean isDue = notice.envelope().envelope().handling().deliverBy().isPresent();
        Recipient recipient = notice.envelope().envelope().recipients().get(entry.recipient());
        Notify asked = recipient.notification();
        if (asked.never()) {
            return Optional.of(Silence.NOTIFY_NEVER);
        }
        boolean wanted =
                switch (entry.action()) {
                    case FAILED, EXPIRED -> asked.onFailure();
                    case DELAYED -> asked.onDelay();
                    // RFC 2852 section 4.1.4: whether success was asked for or not.
                    case RELAYED -> asked.onSuccess() || isDue;
                };
        return wanted ? Optional.empty() : Optional.of(Silence.NOT_ASKED_FOR);
    }
}
