package posthaste.ingest.smtp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The {@code KEYWORD=VALUE} list after a path (RFC 5321 section 4.1.2). Each parameter is taken out
 * once; what is left at the end is unknown.
 */
final class Parameters {
    private static final Pattern KEYWORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]*");
    private static final Pattern VALUE = Pattern.compile("[\\x21-\\x3c\\x3e-\\x7e[^\\x00-\\x7f]]+");

    /** An empty value stands for "no value". */
    private final Map<String, String> byKeyword;

    private Parameters(Map<String, String> byKeyword) {
        this.byKeyword = byKeyword;
    }

    static Parameters parse(String text) throws BadCommandException {
        Map<String, String> byKeyword = new LinkedHashMap<>();
        if (!text.isEmpty()) {
            for (String parameter : text.split(" +", -1)) {
                int equals = parameter.indexOf('=');
                String keyword = equals < 0 ? parameter : parameter.substring(0, equals);
                String value = equals < 0 ? "" : parameter.substring(equals + 1);
                if (!KEYWORD.matcher(keyword).matches()
                        || (equals >= 0 && !VALUE.matcher(value).matches())) {
                    throw BadCommandException.badArgument("a parameter is not KEYWORD=VALUE");
                }
                if (byKeyword.put(keyword.toUpperCase(Locale.ROOT), value) != null) {
                    throw BadCommandException.badArgument("a parameter is given twice");
                }
            }
        }
        return new Parameters(byKeyword);
    }

    /** Takes out a parameter that has a value. */
    Optional<String> takeValue(String keyword) throws BadCommandException {
        String value = byKeyword.remove(keyword);
        if (value != null && value.isEmpty()) {
            throw BadCommandException.badArgument(keyword + " needs a value");
        }
        return Optional.ofNullable(value);
    }

    /** Takes out a parameter that has none. */
    boolean takeFlag(String keyword) throws BadCommandException {
        String value = byKeyword.remove(keyword);
        if (value != null && !value.isEmpty()) {
            throw BadCommandException.badArgument(keyword + " has no value");
        }
        return value != null;
    }

    /** All parameters that we know have been taken out. */
    void refuseTheRest() throws BadCommandException {
        if (!byKeyword.isEmpty()) {
            throw new BadCommandException("555 5.5.4 a parameter is not supported");
        }
    }
}
