package posthaste.queue;

import java.time.Instant;
import posthaste.mail.record.MailRecord;

/**
 * A record as it was read.
 *
 * @param timestamp when it was written, by the broker's clock where the topic has LogAppendTime
 */
public record QueuedRecord(
        String topic, int partition, long offset, Instant timestamp, MailRecord content) {}
