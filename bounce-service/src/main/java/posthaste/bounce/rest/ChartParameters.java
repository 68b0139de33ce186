package posthaste.bounce.rest;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import posthaste.bounce.deliverylog.ChartQuestion;

/** The parameters of charts, checked. */
public final class ChartParameters {
    private static final Duration STANDARD = Duration.ofHours(24);
    private static final int TEXT_LIMIT = 255;

    private ChartParameters() {}

    /** Reads them; the last 24 hours when no time is given. */
    public static ChartQuestion question(
            @Nullable String from,
            @Nullable String to,
            @Nullable String stream,
            @Nullable String domain,
            Instant now)
            throws WrongParameterException {
        Instant end = time("to", to, now).orElse(now);
        Instant begin = time("from", from, now).orElse(end.minus(STANDARD));
        if (!begin.isBefore(end)) {
            throw new WrongParameterException("from", "a time before that of to");
        }
        return new ChartQuestion(
                begin,
                end,
                ChartQuestion.stepFor(begin, end),
                text("stream", stream),
                text("domain", domain),
                Optional.empty());
    }

    private static Optional<Instant> time(String name, @Nullable String given, Instant now)
            throws WrongParameterException {
        Optional<String> text = text(name, given);
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(TimeParameter.parse(name, text.get(), now));
    }

    private static Optional<String> text(String name, @Nullable String given)
            throws WrongParameterException {
        String text = given == null ? "" : given.strip();
        if (text.length() > TEXT_LIMIT || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new WrongParameterException(
                    name, "at most " + TEXT_LIMIT + " characters without control characters");
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
