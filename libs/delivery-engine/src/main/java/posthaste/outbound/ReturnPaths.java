package posthaste.outbound;

import java.util.List;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Recipient;

/**
 * The reverse-path that a mail has on the wire. The envelope keeps the one that it was accepted
 * with, to which our own notifications go.
 */
public interface ReturnPaths {
    /** Every mail keeps its sender's. */
    ReturnPaths AS_ACCEPTED =
            new ReturnPaths() {
                @Override
                public boolean isOwn(Envelope envelope) {
                    return false;
                }

                @Override
                public Envelope onTheWire(Envelope envelope, List<Recipient> to) {
                    return envelope;
                }
            };

    /** Whether each recipient of a mail gets a reverse-path of his own, and so a transaction. */
    boolean isOwn(Envelope envelope);

    /**
     * The envelope of one transaction.
     *
     * @param to a single recipient if he has a reverse-path of his own
     */
    Envelope onTheWire(Envelope envelope, List<Recipient> to);
}
