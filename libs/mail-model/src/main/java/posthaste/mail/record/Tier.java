package posthaste.mail.record;

import java.time.Duration;

/**
 * A delay: all jobs of a tier wait equally long, so that its topic is in order of due time (DESIGN
 * 8).
 *
 * @param name as in the topic's name: {@code 1m}, {@code 4h}
 */
public record Tier(String name, Duration delay) {
    public Tier {
        if (delay.isNegative() || delay.isZero()) {
            throw new IllegalArgumentException("a tier's delay is above zero, not " + delay);
        }
    }

    /** Named by its delay in the largest unit that divides it: h, m, s or ms. */
    public static Tier of(Duration delay) {
        long millis = delay.toMillis();
        String name =
                millis % 3_600_000 == 0
                        ? millis / 3_600_000 + "h"
                        : millis % 60_000 == 0
                                ? millis / 60_000 + "m"
                                : millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
        return new Tier(name, delay);
    }
}
