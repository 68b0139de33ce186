package posthaste.ingest.smtp;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The BDAT command (RFC 3030 section 2).
 *
 * @param octets that follow its line; {@link Long#MAX_VALUE} for numbers beyond it
 * @param isLast whether the message ends with them
 */
record Bdat(long octets, boolean isLast) {
    static final String VERB = "BDAT";

    private static final Pattern ARGUMENT =
            Pattern.compile("([0-9]{1,20})(?: +(LAST))?", Pattern.CASE_INSENSITIVE);

    /** Reads the argument; empty when it does not tell how many octets follow. */
    static Optional<Bdat> parse(String argument) {
        Matcher matcher = ARGUMENT.matcher(argument);
        return matcher.matches()
                ? Optional.of(new Bdat(octets(matcher.group(1)), matcher.group(2) != null))
                : Optional.empty();
    }

    private static long octets(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
