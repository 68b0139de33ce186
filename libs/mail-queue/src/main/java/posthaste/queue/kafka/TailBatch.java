package posthaste.queue.kafka;

import java.util.List;
import posthaste.queue.QueuedRecord;

/**
 * What a tail hands over at once.
 *
 * @param records those that could be read
 * @param read how many records of the log these are, unreadable ones too
 * @param next offset behind them
 * @param stops whether a record follows that only a newer version of us can read
 */
record TailBatch(List<QueuedRecord> records, int read, long next, boolean stops) {
    TailBatch {
        records = List.copyOf(records);
    }
}
