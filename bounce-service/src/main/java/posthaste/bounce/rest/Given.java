package posthaste.bounce.rest;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request says for one parameter, read the same way wherever parameters are.
 *
 * @param text stripped; empty counts as not given
 */
record Given(String name, String text) {

    /** RFC 5321 section 4.5.3.1.3 has 256 octets for a path; this leaves room for what is typed. */
    private static final int LIMIT = 512;

    static Given of(String name, @Nullable String given) throws WrongParameterException {
        String text = given == null ? "" : given.strip();
        if (text.length() > LIMIT || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new WrongParameterException(
                    name, "at most " + LIMIT + " characters without control characters");
        }
        return new Given(name, text);
    }

    /** Empty when it was not given. */
    Optional<String> optional() {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** A point in time, as {@link TimeParameter} reads it. */
    Optional<Instant> time(Instant now) throws WrongParameterException {
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(TimeParameter.parse(name, text, now));
    }

    /** How many, up to {@code most}. */
    int limit(int standard, int most) throws WrongParameterException {
        if (text.isEmpty()) {
            return standard;
        }
        int limit = text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > most) {
            throw new WrongParameterException(name, "a number from 1 to " + most);
        }
        return limit;
    }
}
