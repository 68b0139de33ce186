package posthaste.queue;

/** Does what a record asks for, on a virtual thread of its own. */
@FunctionalInterface
public interface RecordHandler {

    /**
     * Handles one record.
     *
     * @return what is to be durable before the record counts as settled
     * @throws PartUnavailableException when one of our own parts fails: the record is handled again
     *     after a pause and nothing is counted against it (DESIGN 3, invariant 9)
     * @throws InterruptedException on revocation or stop: the record stays unsettled
     */
    Settlement handle(QueuedRecord record) throws PartUnavailableException, InterruptedException;
}
