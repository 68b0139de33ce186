package posthaste.bounce.deliverylog;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a chart is about. What is given must all fit.
 *
 * @param from the beginning; it is moved back to that of its step
 * @param to the end, exclusive; it is moved on to that of its step
 * @param step of the time axis: a minute or more. Older times are kept by the hour, still older
 *     ones by the day: then the answer's step is longer
 * @param stream of the mails
 * @param domain of the recipients; one that is not among the chart domains has no figures of its
 *     own
 * @param bounceClass as {@code BounceClass} names it
 */
public record ChartQuestion(
        Instant from,
        Instant to,
        Duration step,
        Optional<String> stream,
        Optional<String> domain,
        Optional<String> bounceClass) {
    /** More points than any screen shows. */
    public static final int POINTS = 5_000;

    public ChartQuestion {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("a chart's time must begin before it ends");
        }
        if (step.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("a chart's step is a minute or more, not " + step);
        }
        if (Duration.between(from, to).dividedBy(step) > POINTS) {
            throw new IllegalArgumentException("a chart has at most " + POINTS + " points");
        }
    }

    /** All mail. */
    public static ChartQuestion of(Instant from, Instant to, Duration step) {
        return new ChartQuestion(
                from, to, step, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** About 60 to 120 points, by steps that people count in. */
    public static Duration stepFor(Instant from, Instant to) {
        Duration wanted = Duration.between(from, to).dividedBy(120);
        for (int minutes : new int[] {1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440}) {
            if (wanted.compareTo(Duration.ofMinutes(minutes)) <= 0) {
                return Duration.ofMinutes(minutes);
            }
        }
        return Duration.ofDays(Math.max(1, wanted.toDays()));
    }
}
