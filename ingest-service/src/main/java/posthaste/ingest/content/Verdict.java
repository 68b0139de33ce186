package posthaste.ingest.content;

import java.util.List;
import posthaste.mail.status.Reply;

/** What a scanner says of a message. */
public sealed interface Verdict {

    /** Nothing against it. */
    Accept FINE = new Accept(List.of());

    /**
     * It may pass.
     *
     * @param fields to stand above it
     */
    record Accept(List<AddedField> fields) implements Verdict {
        public Accept {
            fields = List.copyOf(fields);
        }
    }

    /**
     * It is accepted, and an operator is to look at it before anybody gets it.
     *
     * @param reason one line for the operator
     * @param fields to stand above it
     */
    record Quarantine(String reason, List<AddedField> fields) implements Verdict {
        public Quarantine {
            fields = List.copyOf(fields);
        }
    }

    /**
     * It cannot be told now: the client is to come again.
     *
     * @param reply a 4xx
     */
    record Defer(Reply reply) implements Verdict {}

    /**
     * Nobody is to get it.
     *
     * @param reply a 5xx
     */
    record Refuse(Reply reply) implements Verdict {}
}
