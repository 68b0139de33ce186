package posthaste.queue;

import java.util.List;
import posthaste.mail.record.OutgoingRecord;

/** How a record leaves the queue. */
public sealed interface Settlement {

    /** These records are written; once they are durable, this one is settled. */
    record Settled(List<OutgoingRecord> records) implements Settlement {
        public Settled {
            records = List.copyOf(records);
        }
    }

    /** It can never be handled: it goes to the dead letters, whole (DESIGN 3, invariant 10). */
    record Poison(String reason) implements Settlement {}

    static Settlement of(List<OutgoingRecord> records) {
        return new Settled(records);
    }

    static Settlement nothing() {
        return new Settled(List.of());
    }
}
