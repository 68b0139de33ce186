package posthaste.bounce.operator;

/**
 * An action that stands in the record already. Say what came of it, then close it; closed without a
 * word it has failed.
 */
public final class RecordedAction implements AutoCloseable {
    private final OperatorActions record;
    private final long id;
    private String result = "failed";

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

    @Override
    public void close() {
        record.end(id, result);
    }
}
