package posthaste.queue;

/**
 * Where a handler does what cannot be taken back, as an attempt does with its final dot (DESIGN 6).
 * When its partition goes to somebody else a handler that has not passed this point is broken off
 * at once, so that the other one's is the only try; one that has passed it gets the drain budget,
 * since breaking it off would make a duplicate.
 */
public final class PointOfNoReturn {
    private static final ScopedValue<Gate> GATE = ScopedValue.newInstance();

    private PointOfNoReturn() {}

    /** Whoever decides whether a handler may pass. */
    @FunctionalInterface
    public interface Gate {
        /**
         * Returns when it may.
         *
         * @throws InterruptedException when it is to end here
         */
        void pass() throws InterruptedException;
    }

    /**
     * Called by a handler, on the thread on which it was called, right before what cannot be taken
     * back. Where nobody guards it the way is free.
     *
     * @throws InterruptedException when the record is, or may be, somebody else's by now: to be
     *     thrown on
     */
    public static void pass() throws InterruptedException {
        if (GATE.isBound()) {
            GATE.get().pass();
        }
    }

    /**
     * Has a record handled, with a gate on the way.
     *
     * @throws PartUnavailableException as {@link RecordHandler#handle} does
     */
    public static Settlement guarded(Gate gate, RecordHandler handler, QueuedRecord record)
            throws PartUnavailableException, InterruptedException {
        try {
            return ScopedValue.where(GATE, gate).call(() -> handler.handle(record));
        } catch (PartUnavailableException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a handler threw what it may not throw", e);
        }
    }
}
