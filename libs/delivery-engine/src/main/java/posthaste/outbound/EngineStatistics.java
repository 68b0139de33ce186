package posthaste.outbound;

import java.util.concurrent.atomic.LongAdder;
import posthaste.mail.outcome.Outcome;
import posthaste.mail.outcome.Outcome.Kind;

/** What the engine has done since it started, for metrics that are bound elsewhere. */
public final class EngineStatistics {
    private final LongAdder attempts = new LongAdder();
    private final LongAdder heldBack = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder deferred = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder ambiguous = new LongAdder();
    private final LongAdder connectionsReused = new LongAdder();
    private final LongAdder unexpected = new LongAdder();

    EngineStatistics() {}

    /** Jobs that were really tried. */
    public long attempts() {
        return attempts.sum();
    }

    /** Jobs that came back without an attempt. */
    public long heldBack() {
        return heldBack.sum();
    }

    /** Recipients delivered. */
    public long delivered() {
        return delivered.sum();
    }

    /** Recipients deferred by an attempt, the ambiguous ones included. */
    public long deferred() {
        return deferred.sum();
    }

    /** Recipients failed for good. */
    public long failed() {
        return failed.sum();
    }

    /** Recipients for whom the final dot had no reply (DESIGN 6). */
    public long ambiguous() {
        return ambiguous.sum();
    }

    /** Attempts that found an open connection. */
    public long connectionsReused() {
        return connectionsReused.sum();
    }

    /** Exceptions of ours that nobody foresaw: each is a bug. */
    public long unexpected() {
        return unexpected.sum();
    }

    void attempted() {
        attempts.increment();
    }

    void wasHeldBack() {
        heldBack.increment();
    }

    void reusedConnection() {
        connectionsReused.increment();
    }

    void wasUnexpected() {
        unexpected.increment();
    }

    void ended(Outcome outcome) {
        switch (outcome) {
            case Outcome.Delivered _ -> delivered.increment();
            case Outcome.Failed _ -> failed.increment();
            case Outcome.Deferred(_, _, _, Kind kind, _) -> {
                switch (kind) {
                    case ATTEMPTED -> deferred.increment();
                    case AMBIGUOUS -> {
                        deferred.increment();
                        ambiguous.increment();
                    }
                    case NOT_ATTEMPTED -> {
                        // Counted by job: no attempt was made.
                    }
                }
            }
        }
    }
}
