package posthaste.bounce.rest;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import posthaste.bounce.operator.ActionQuery;

/** The parameters of a search in the record of actions, checked. */
public final class ActionParameters {
    private static final int TEXT_LIMIT = 512;

    private ActionParameters() {}

    /** Reads them; what is empty counts as not given. */
    public static ActionQuery query(
            @Nullable String operator,
            @Nullable String action,
            @Nullable String target,
            @Nullable String from,
            @Nullable String to,
            @Nullable String before,
            @Nullable String limit,
            int standardLimit,
            Instant now)
            throws WrongParameterException {
        return new ActionQuery(
                text("operator", operator),
                text("action", action),
                text("target", target),
                time("from", from, now),
                time("to", to, now),
                id(before),
                limit(limit, standardLimit));
    }

    private static String text(String name, @Nullable String given) throws WrongParameterException {
        String text = given == null ? "" : given.strip();
        if (text.length() > TEXT_LIMIT || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new WrongParameterException(
                    name, "at most " + TEXT_LIMIT + " characters without control characters");
        }
        return text;
    }

    private static Optional<Instant> time(String name, @Nullable String given, Instant now)
            throws WrongParameterException {
        String text = text(name, given);
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(TimeParameter.parse(name, text, now));
    }

    private static Optional<Long> id(@Nullable String given) throws WrongParameterException {
        String text = text("before", given);
        if (!text.isEmpty() && !text.matches("\\d{1,18}")) {
            throw new WrongParameterException("before", "the id of an action");
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(Long.valueOf(text));
    }

    private static int limit(@Nullable String given, int standard) throws WrongParameterException {
        String text = text("limit", given);
        if (text.isEmpty()) {
            return standard;
        }
        int limit = text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > ActionQuery.LIMIT) {
            throw new WrongParameterException("limit", "a number from 1 to " + ActionQuery.LIMIT);
        }
        return limit;
    }
}
