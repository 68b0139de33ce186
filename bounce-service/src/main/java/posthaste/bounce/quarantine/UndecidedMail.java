package posthaste.bounce.quarantine;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import posthaste.mail.record.Job;
import posthaste.mail.record.Topics;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.QueuedRecord;

/**
 * The queue without what stands in quarantine although it has been decided: a record there is
 * settled only when its time is over, whatever was ordered.
 */
public final class UndecidedMail implements QueueScanner {
    private final QueueScanner scanner;
    private final Decisions decisions;

    public UndecidedMail(QueueScanner scanner, Decisions decisions) {
        this.scanner = scanner;
        this.decisions = decisions;
    }

    @Override
    public void scan(String group, List<String> topics, Consumer<QueuedRecord> visitor)
            throws QueueUnavailableException, InterruptedException {
        if (!group.equals(Topics.QUARANTINE_GROUP)) {
            scanner.scan(group, topics, visitor);
            return;
        }
        Decisions.Seen seen = decisions.look();
        scanner.scan(
                group,
                topics,
                record -> {
                    if (!(record.content() instanceof Job job && seen.isDecided(job.id()))) {
                        visitor.accept(record);
                    }
                });
    }

    @Override
    public void read(String topic, Instant since, boolean onwards, Consumer<QueuedRecord> visitor)
            throws QueueUnavailableException, InterruptedException {
        scanner.read(topic, since, onwards, visitor);
    }

    @Override
    public List<Long> ends(String topic) throws QueueUnavailableException, InterruptedException {
        return scanner.ends(topic);
    }
}
