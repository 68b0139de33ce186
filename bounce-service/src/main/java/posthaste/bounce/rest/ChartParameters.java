package posthaste.bounce.rest;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import posthaste.bounce.deliverylog.ChartQuestion;

/** The parameters of charts, checked. */
public final class ChartParameters {
    private static final Duration STANDARD = Duration.ofHours(24);

    private ChartParameters() {}

    /** Reads them; the last 24 hours when no time is given. */
    public static ChartQuestion question(
            @Nullable String from,
            @Nullable String to,
            @Nullable String stream,
            @Nullable String domain,
            Instant now)
            throws WrongParameterException {
        Instant end = Given.of("to", to).time(now).orElse(now);
        Instant begin = Given.of("from", from).time(now).orElse(end.minus(STANDARD));
        if (!begin.isBefore(end)) {
            throw new WrongParameterException("from", "a time before that of to");
        }
        return new ChartQuestion(
                begin,
                end,
                ChartQuestion.stepFor(begin, end),
                Given.of("stream", stream).optional(),
                Given.of("domain", domain).optional(),
                Optional.empty());
    }
}
