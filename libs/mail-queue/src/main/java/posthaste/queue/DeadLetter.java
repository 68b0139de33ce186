package posthaste.queue;

import java.time.Instant;
import java.util.Optional;
import posthaste.mail.record.MailRecord;

/**
 * A record that could never be handled, as it stands among the dead letters.
 *
 * @param partition and {@code offset}: where it stands there
 * @param buriedAt when it came there
 * @param origin where it stood before
 * @param group that could not handle it
 * @param reason why
 * @param content as an upgrade of ours may read it by now; empty when it still cannot be read. The
 *     body that it names is the copy that was made for it, where there is one
 * @param bodyNote why there is no copy of its body; empty when there is one, or nothing to copy
 */
public record DeadLetter(
        int partition,
        long offset,
        Instant buriedAt,
        Origin origin,
        String group,
        String reason,
        Optional<MailRecord> content,
        String bodyNote) {

    /** Where a dead letter stood before; two of one origin are the same record. */
    public record Origin(String topic, int partition, long offset, Instant timestamp) {}

    /** What became of a dead letter that was to be put back. */
    public sealed interface Fate {

        /** It stands on its topic again, and no longer among the dead letters. */
        record PutBack() implements Fate {}

        /**
         * It was left where it is.
         *
         * @param why a sentence for people
         */
        record Left(String why) implements Fate {}
    }
}
