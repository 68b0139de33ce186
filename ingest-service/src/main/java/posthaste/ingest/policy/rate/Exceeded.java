package posthaste.ingest.policy.rate;

import java.time.Duration;
import java.util.Optional;

/**
 * A limit that holds something back.
 *
 * @param comeAgain when there may be room; empty when there never is for so much at once
 */
public record Exceeded(LimitRule rule, Measure measure, Rate rate, Optional<Duration> comeAgain) {

    /** The limit and when to come again, as the end of a reply. */
    String sentence() {
        String limit =
                "at most %d %s in %s for each %s"
                        .formatted(rate.amount(), measure, in(rate.period()), rule.per());
        return comeAgain
                .map(wait -> limit + ", come again in " + in(wait.plusMillis(999)))
                .orElse(limit + ", and this is more");
    }

    static String in(Duration duration) {
        long seconds = Math.max(1, duration.toSeconds());
        if (seconds % 86_400 == 0) {
            return plural(seconds / 86_400, "day");
        }
        if (seconds % 3600 == 0) {
            return plural(seconds / 3600, "hour");
        }
        return seconds < 120 ? plural(seconds, "second") : plural((seconds + 59) / 60, "minute");
    }

    private static String plural(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
