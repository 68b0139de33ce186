package posthaste.ingest.http;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts values for {@code {{name}}} into texts. */
final class Personalized {
    private static final Pattern PLACE =
            Pattern.compile("\\{\\{\\s{0,10}([A-Za-z0-9_.-]{1,64})\\s{0,10}}}");

    private final Map<String, String> values;
    private final long most;

    /**
     * With these values.
     *
     * @param most characters of what comes out
     */
    Personalized(Map<String, String> values, long most) {
        this.values = Map.copyOf(values);
        this.most = most;
    }

    String text(String template) {
        return filled(template, false);
    }

    /** Values are text, so what would be markup in them is escaped. */
    String html(String template) {
        return filled(template, true);
    }

    private String filled(String template, boolean html) {
        Matcher places = PLACE.matcher(template);
        StringBuilder out = new StringBuilder(Math.min(template.length() + 100, 1 << 20));
        int from = 0;
        while (places.find()) {
            String value = values.get(places.group(1));
            if (value == null) {
                throw HttpProblem.of(
                        422, "There is no substitution for {{" + places.group(1) + "}}.");
            }
            out.append(template, from, places.start()).append(html ? escaped(value) : value);
            from = places.end();
            if (out.length() > most) {
                throw HttpProblem.of(413, "The message is larger than " + most + " octets.");
            }
        }
        return out.append(template, from, template.length()).toString();
    }

    private static String escaped(String value) {
        return value.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
