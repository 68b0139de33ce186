package posthaste.bounce.returned;

import java.util.List;
import posthaste.mail.record.OutgoingRecord;

/**
 * A matched report whose copies are in the store.
 *
 * @param mails the records that accept them, none of them written yet
 */
record Forwarded(Matched matched, List<OutgoingRecord> mails) {
    Forwarded {
        mails = List.copyOf(mails);
    }
}
