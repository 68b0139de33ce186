package posthaste.bounce.rest;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import posthaste.bounce.operator.ActionQuery;

/** The parameters of a search in the record of actions, checked. */
public final class ActionParameters {
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
                Given.of("operator", operator).text(),
                Given.of("action", action).text(),
                Given.of("target", target).text(),
                Given.of("from", from).time(now),
                Given.of("to", to).time(now),
                id(before),
                Given.of("limit", limit).limit(standardLimit, ActionQuery.LIMIT));
    }

    private static Optional<Long> id(@Nullable String given) throws WrongParameterException {
        String text = Given.of("before", given).text();
        if (!text.isEmpty() && !text.matches("\\d{1,18}")) {
            throw new WrongParameterException("before", "the id of an action");
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(Long.valueOf(text));
    }
}
