package posthaste.bounce.deliverylog;

/** The SQL of the rollup that the statements of a batch share. */
final class Rollup {
    /** Days that were let go are counted no more, also when an event of theirs comes once again. */
    static final String COUNTED = "day >= (SELECT max(log_floor.day) FROM log_floor)";

    /** The minute of a time in milliseconds. */
    static final String MINUTE_OF = "to_timestamp(%s / 60000 * 60)";

    /** All columns but the step and whether the row is a sum. */
    static final String COLUMNS =
            "start, stream, domain, outcome, bounce_class, hard, events, encrypted, "
                    + LatencyBuckets.columns("w%1$d");

    /** The columns that tell rows apart. */
    static final String KEY = "stream, domain, outcome, bounce_class, hard";

    /** The counts, summed. */
    static final String SUMS =
            "sum(events), sum(encrypted), " + LatencyBuckets.columns("nullif(sum(w%1$d), 0)");

    private Rollup() {}
}
