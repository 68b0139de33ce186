package posthaste.bounce.operator;

/**
 * An action that stands in the record already. Say what came of it, then close it; closed without a
 * word it may have been done, wholly or in part, or not.
 */
public final class RecordedAction implements AutoCloseable {
    private final OperatorActions record;
    private final long id;
    private String result = "not known";

    RecordedAction(OperatorActions record, long id) {
        this.record = record;
        this.id = id;
    }

    /** It was done. */
    public void done() {
        result = "done";
    }

    /**
     * It was done, and this came of it.
     *
     * @param what as {@code 3 jobs}
     */
    public void done(String what) {
        result = "done: " + what;
    }

    /** It was refused, or could not be begun: nothing of it was done. */
    public void failed() {
        result = "failed";
    }

    /**
     * It was broken off, and perhaps more was done than this.
     *
     * @param what as {@code 5000 imported before}
     */
    public void brokenOff(String what) {
        result = "not known: " + what;
    }

    @Override
    public void close() {
        record.end(id, result);
    }
}
