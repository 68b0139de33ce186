package posthaste.outbound.destination;

/**
 * How many attempts at once a destination gets: like TCP's congestion window. It doubles with each
 * round of successes until the first failure, halves at a failure, and grows by one a round
 * afterwards.
 */
final class ConcurrencyLimit {
    private final int most;
    private int current;
    private boolean failedOnce;
    private int successesThisRound;
    private int round;

    ConcurrencyLimit(int start, int most) {
        this.current = start;
        this.most = most;
    }

    int current() {
        return current;
    }

    /**
     * Names the present limit: a failure of an attempt begun under an older one says nothing new.
     */
    int round() {
        return round;
    }

    /**
     * An attempt has reached the destination.
     *
     * @param wasReached whether all that the limit allows were under way: what is not used up need
     *     not grow
     */
    void succeeded(boolean wasReached) {
        if (!wasReached || current == most) {
            return;
        }
        successesThisRound++;
        if (!failedOnce || successesThisRound >= current) {
            current++;
            successesThisRound = 0;
        }
    }

    /** An attempt that began in this round found no connection, or was sent away with 421. */
    void failed(int begunInRound) {
        if (begunInRound != round) {
            return;
        }
        failedOnce = true;
        current = Math.max(1, current / 2);
        successesThisRound = 0;
        round++;
    }
}
