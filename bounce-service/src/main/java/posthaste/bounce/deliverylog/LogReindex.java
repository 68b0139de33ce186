package posthaste.bounce.deliverylog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.QueuedRecord;

/**
 * Reads topics again, as far back as they reach, into the log that is there. What the log has
 * already it recognises, and what is older than the topics stays: so this may run beside the
 * services, be broken off, and be begun again.
 */
public final class LogReindex {
    private final DeliveryLog log;
    private final QueueScanner queue;
    private final int batchRecords;

    public LogReindex(DeliveryLog log, QueueScanner queue, int batchRecords) {
        this.log = log;
        this.queue = queue;
        this.batchRecords = batchRecords;
    }

    /**
     * How far it is.
     *
     * @param records read of this topic
     * @param writtenAt when the last of them was written to it
     */
    public record Progress(String topic, long records, Instant writtenAt) {}

    /**
     * Reads topics one after the other, each up to where it ends now.
     *
     * @param since what is older is passed over
     * @param progress told after each batch
     * @return how many records were read
     */
    public long run(List<String> topics, Instant since, Consumer<Progress> progress)
            throws QueueUnavailableException, PartUnavailableException, InterruptedException {
        long all = 0;
        for (String topic : topics) {
            Batches batches = new Batches(topic, progress);
            try {
                queue.read(topic, since, false, batches::take);
                batches.write();
            } catch (BrokenOffException e) {
                throw e.reason;
            }
            all += batches.records;
        }
        return all;
    }

    /** Gathers what is read. */
    private final class Batches {
        private final String topic;
        private final Consumer<Progress> progress;
        private final List<QueuedRecord> gathered = new ArrayList<>();
        private long records;

        Batches(String topic, Consumer<Progress> progress) {
            this.topic = topic;
            this.progress = progress;
        }

        void take(QueuedRecord record) {
            gathered.add(record);
            records++;
            if (gathered.size() == batchRecords) {
                write();
            }
        }

        void write() {
            if (gathered.isEmpty()) {
                return;
            }
            try {
                log.writeAgain(gathered);
            } catch (PartUnavailableException e) {
                throw new BrokenOffException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BrokenOffException(
                        new PartUnavailableException("it was told to stop", e));
            }
            progress.accept(new Progress(topic, records, gathered.getLast().timestamp()));
            gathered.clear();
        }
    }

    /** Out of a visitor that may throw nothing checked. */
    private static final class BrokenOffException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final PartUnavailableException reason;

        BrokenOffException(PartUnavailableException reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
