package posthaste.queue;

import java.time.Instant;
import java.util.Optional;

/** Where a group stands in a partition. */
public record PartitionMark(String group, String topic, int partition, Standing standing) {

    /** As far as it can be told. */
    public sealed interface Standing {

        /**
         * It can be told.
         *
         * @param mark the low-water mark: all that the group has to do with what is below is done;
         *     the start of the log when the group has settled nothing yet
         * @param start of the log: what was below is gone
         * @param end of the log: the offset of the next record
         * @param oldest when the record at the mark was written, which is the first that the group
         *     has not settled; empty when there is none
         * @param newest when the newest record was written, one that is gone perhaps; empty when
         *     the log remembers none
         */
        record Known(
                long mark, long start, long end, Optional<Instant> oldest, Optional<Instant> newest)
                implements Standing {}

        /**
         * It cannot.
         *
         * @param why in a few words, for the operator
         */
        record Unknown(String why) implements Standing {}
    }

    @Override
    public String toString() {
        return topic + "-" + partition + " of " + group;
    }
}
