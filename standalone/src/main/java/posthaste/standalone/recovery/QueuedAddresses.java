package posthaste.standalone.recovery;

import java.util.List;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Notice;
import posthaste.mail.record.QuarantineOrder;
import posthaste.mail.record.Split;

/** Whom a record holds. */
final class QueuedAddresses {
    private QueuedAddresses() {}

    static List<String> of(MailRecord record) {
        return switch (record) {
            case Job job -> addresses(job.pendingRecipients());
            case Split split -> addresses(split.envelope().envelope().recipients());
            case Notice notice ->
                    notice.entries().stream()
                            .filter(entry -> isEndOf(entry.action()))
                            .map(entry ->
                                    notice.envelope()
                                            .envelope()
                                            .recipients()
                                            .get(entry.recipient()))
                            .map(recipient -> recipient.address().toString())
                            .toList();
            case QuarantineOrder(Job job, _, _, _, _) -> addresses(job.pendingRecipients());
            case Event _ -> List.of();
        };
    }

    /** A warning or a success notification holds nobody: its recipient stands elsewhere. */
    private static boolean isEndOf(Notice.Action action) {
        return switch (action) {
            case FAILED, EXPIRED -> true;
            case DELAYED, RELAYED -> false;
        };
    }

    private static List<String> addresses(List<Recipient> recipients) {
        return recipients.stream().map(recipient -> recipient.address().toString()).toList();
    }
}
