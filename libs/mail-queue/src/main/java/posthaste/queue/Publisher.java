package posthaste.queue;

import java.time.Duration;
import java.util.List;
import posthaste.mail.record.OutgoingRecord;

/** Writes records: idempotent, {@code acks=all}, many callers joined into few batches. */
public interface Publisher {

    /**
     * Writes records and returns when all of them are durable.
     *
     * @param deadline from now; also bounds the wait for a broker that is away
     * @throws QueueUnavailableException when none of them was or will be written
     * @throws OutcomeUnknownException when that cannot be told
     */
    void publish(List<OutgoingRecord> records, Duration deadline)
            throws QueueUnavailableException, OutcomeUnknownException, InterruptedException;
}
