package posthaste.bounce.audit;

import java.util.List;
import java.util.function.LongConsumer;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.Notice;
import posthaste.mail.record.QuarantineOrder;
import posthaste.mail.record.Split;
import posthaste.mail.record.Topics;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.QueuedRecord;

/** Visits every recipient who stands in a queue, by hash; one who moves may be met twice. */
final class QueuedRecipients {
    private final QueueScanner scanner;
    private final QueueTopics topics;

    QueuedRecipients(QueueScanner scanner, QueueTopics topics) {
        this.scanner = scanner;
        this.topics = topics;
    }

    /** Takes one who stands in a queue. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Visits.
         *
         * @param isDead whether among the dead letters, which come last
         */
        void visit(long hash, boolean isDead);
    }

    void visit(Visitor visitor) throws QueueUnavailableException, InterruptedException {
        for (QueueTopics.Queue queue : topics.queues()) {
            boolean isDead = queue.topics().contains(Topics.DEAD_LETTER);
            scanner.scan(
                    queue.group(),
                    queue.topics(),
                    record -> each(record, hash -> visitor.visit(hash, isDead)));
        }
    }

    private static void each(QueuedRecord record, LongConsumer visitor) {
        if (QueueTopics.isReport(record.content())) {
            return;
        }
        switch (record.content()) {
            case Job job -> all(job.mailId().value(), job.pendingRecipients(), visitor);
            case Split split ->
                    all(split.mailId().value(), split.envelope().envelope().recipients(), visitor);
            case Notice notice -> {
                List<Recipient> recipients = notice.envelope().envelope().recipients();
                for (Notice.Entry entry : notice.entries()) {
                    if (isEndOf(entry.action())) {
                        one(notice.mailId().value(), recipients.get(entry.recipient()), visitor);
                    }
                }
            }
            case QuarantineOrder(Job job, _, _, _, _) ->
                    all(job.mailId().value(), job.pendingRecipients(), visitor);
            case Event _ -> {}
        }
    }

    /** A warning or a success notification holds nobody: its recipient stands elsewhere. */
    private static boolean isEndOf(Notice.Action action) {
        return switch (action) {
            case FAILED, EXPIRED -> true;
            case DELAYED, RELAYED -> false;
        };
    }

    private static void all(String mailId, List<Recipient> recipients, LongConsumer visitor) {
        recipients.forEach(recipient -> one(mailId, recipient, visitor));
    }

    private static void one(String mailId, Recipient recipient, LongConsumer visitor) {
        visitor.accept(RecipientSet.hash(mailId, recipient.address().toString()));
    }
}
