package posthaste.mail.record;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A delay: all jobs of a tier wait equally long, so that its topic is in order of due time (DESIGN
 * 8).
 *
 * @param name as in the topic's name: {@code 1m}, {@code 4h}
 */
public record Tier(String name, Duration delay) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})(h|m|s|ms)");

    public Tier {
        if (delay.isNegative() || delay.isZero()) {
            throw new IllegalArgumentException("a tier's delay is above zero, not " + delay);
        }
    }

    /** The tier of a name as {@link #of} gives it; empty for any other. */
    public static Optional<Tier> parse(String name) {
        Matcher parts = FORM.matcher(name);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(parts.group(1));
        Duration delay =
                switch (parts.group(2)) {
                    case "h" -> Duration.ofHours(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "s" -> Duration.ofSeconds(count);
                    default -> Duration.ofMillis(count);
                };
        return delay.isZero() ? Optional.empty() : Optional.of(new Tier(name, delay));
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
