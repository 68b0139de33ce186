package posthaste.bounce.operator;

import java.time.Instant;
import java.util.Optional;

/**
 * Which actions; what is given must all fit.
 *
 * @param operator a whole name; empty: anybody
 * @param action how it begins, as {@code quarantine}; empty: any
 * @param target a part of it; empty: any
 * @param before only those recorded before the one of this id
 */
public record ActionQuery(
        String operator,
        String action,
        String target,
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<Long> before,
        int limit) {
    public static final int LIMIT = 1000;

    public ActionQuery {
        if (limit < 1 || limit > LIMIT) {
            throw new IllegalArgumentException("the limit is 1 to " + LIMIT + ", not " + limit);
        }
    }
}
