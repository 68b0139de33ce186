package posthaste.bounce.quarantine;

import java.util.Locale;
import java.util.function.Predicate;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.record.Job;

/**
 * Which mail in quarantine is meant: what fits all that is given; upper and lower case are the
 * same.
 *
 * @param id of the mail; empty: any
 * @param sender the address, or {@code @example.org} for all of a domain, {@code <>} for the null
 *     reverse-path; empty: any
 * @param recipient the address, or {@code @example.org}; empty: any
 * @param reason stands somewhere in the reason; empty: any
 */
public record QuarantineFilter(String id, String sender, String recipient, String reason)
        implements Predicate<Job> {
    public static final QuarantineFilter ALL = new QuarantineFilter("", "", "", "");

    public QuarantineFilter {
        id = id.strip().toLowerCase(Locale.ROOT);
        sender = sender.strip().toLowerCase(Locale.ROOT);
        recipient = recipient.strip().toLowerCase(Locale.ROOT);
        reason = reason.strip().toLowerCase(Locale.ROOT);
    }

    public static QuarantineFilter ofMail(String id) {
        return new QuarantineFilter(id, "", "", "");
    }

    /** Whether it means everything. */
    public boolean isEmpty() {
        return equals(ALL);
    }

    @Override
    public boolean test(Job job) {
        Envelope envelope = job.envelope().envelope();
        return (id.isEmpty() || id.equals(job.mailId().value()))
                && (sender.isEmpty() || fits(sender, sender(envelope)))
                && (recipient.isEmpty()
                        || job.pendingRecipients().stream()
                                .anyMatch(r -> fits(recipient, r.address().toString())))
                && (reason.isEmpty()
                        || Quarantined.reason(envelope).toLowerCase(Locale.ROOT).contains(reason));
    }

    private static String sender(Envelope envelope) {
        String address = envelope.reversePath().toString();
        return address.isEmpty() ? "<>" : address;
    }

    private static boolean fits(String wanted, String address) {
        String known = address.toLowerCase(Locale.ROOT);
        return wanted.startsWith("@") ? known.endsWith(wanted) : known.equals(wanted);
    }
}
