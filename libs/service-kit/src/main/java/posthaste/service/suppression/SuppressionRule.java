package posthaste.service.suppression;

import java.time.Duration;

/**
 * What leads to an entry.
 *
 * @param after so many times
 * @param within from the first of them; zero: however long it takes
 * @param expires after which the entry is no more; zero: never
 * @param everywhere whether it holds for all streams, or for that of the mail alone
 */
public record SuppressionRule(int after, Duration within, Duration expires, boolean everywhere) {
    /** Times that are counted at most. */
    public static final int MOST = 31;
}
