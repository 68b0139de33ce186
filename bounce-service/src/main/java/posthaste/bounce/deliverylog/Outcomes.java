package posthaste.bounce.deliverylog;

/**
 * Recipients that were accepted, by their outcome.
 *
 * @param duplicates ends beyond those that count, after a crash has forked a job
 */
public record Outcomes(
        long accepted, long delivered, long bounced, long expired, long removed, long duplicates) {
    public static final Outcomes NONE = new Outcomes(0, 0, 0, 0, 0, 0);

    /** Accepted, without an outcome yet. */
    public long open() {
        return accepted - delivered - bounced - expired - removed;
    }

    Outcomes plus(Outcomes more) {
        return new Outcomes(
                accepted + more.accepted,
                delivered + more.delivered,
                bounced + more.bounced,
                expired + more.expired,
                removed + more.removed,
                duplicates + more.duplicates);
    }
}
