package posthaste.queue;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.MailRecord;

/**
 * Keeps the bodies that dead letters name. The queue knows no store: whoever has one implements
 * this.
 */
public interface DeadLetterBodies {

    /**
     * A copy for a record that goes to the dead letters.
     *
     * @param copy empty where none could be made
     * @param note why not; empty when there is a copy, or nothing to copy
     */
    record Kept(Optional<BodyRef> copy, String note) {
        public static Kept nothing() {
            return new Kept(Optional.empty(), "");
        }
    }

    /**
     * Copies the body that a record names to where dead letters' bodies stay. One that is missing
     * or damaged is noted: it must not keep its record from the dead letters.
     *
     * @throws PartUnavailableException when the store is away: the record waits
     */
    Kept keep(MailRecord poison) throws PartUnavailableException, InterruptedException;

    /**
     * Copies the body of a dead letter, or of a record that waited long to be written, to where a
     * queue's bodies stay.
     *
     * @return the record with the copy; empty when its body is missing or damaged, so that putting
     *     it back would only bring it here again
     * @throws PartUnavailableException when the store is away
     */
    Optional<MailRecord> release(MailRecord deadLetter)
            throws PartUnavailableException, InterruptedException;

    /**
     * How long records that could not be written may wait before their bodies have to be copied by
     * {@link #release}: those they name may not grow older than they are promised to be kept.
     */
    Duration renewal();

    /** For a queue whose records name no bodies: they stay where they are. */
    static DeadLetterBodies none() {
        return new DeadLetterBodies() {
            @Override
            public Kept keep(MailRecord poison) {
                return Kept.nothing();
            }

            @Override
            public Optional<MailRecord> release(MailRecord deadLetter) {
                return Optional.of(deadLetter);
            }

            @Override
            public Duration renewal() {
                return ChronoUnit.FOREVER.getDuration();
            }
        };
    }
}
