package posthaste.bounce.web;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * The search as it was typed. One field takes a sender or an id, since an id has no {@code @}.
 *
 * @param since how far back; {@code between} when the exact times count
 * @param from exact, or empty
 * @param to exact, or empty
 * @param before how the page begins
 */
public record SearchForm(
        String recipient, String sender, String since, String from, String to, String before) {
    /** Choices of {@code since}, by what they are called. */
    public static final Map<String, String> PERIODS = periods();

    static SearchForm of(MultiValueMap<String, String> given) {
        return new SearchForm(
                first(given, "recipient"),
                first(given, "sender"),
                first(given, "since"),
                first(given, "from"),
                first(given, "to"),
                first(given, "before"));
    }

    /** Whether anything is searched for: the page without a search shows the newest mail. */
    public boolean isEmpty() {
        return recipient.isEmpty()
                && sender.isEmpty()
                && since.isEmpty()
                && from.isEmpty()
                && to.isEmpty();
    }

    public boolean hasExactTimes() {
        return !from.isEmpty() || !to.isEmpty();
    }

    boolean namesId() {
        return !sender.isEmpty() && !sender.contains("@") && !sender.equals("<>");
    }

    /** As REST would get them. */
    Map<String, List<String>> parameters() {
        MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
        add(parameters, "recipient", recipient);
        add(parameters, namesId() ? "id" : "sender", sender);
        add(parameters, "from", from.isEmpty() ? since : from);
        add(parameters, "to", to);
        add(parameters, "before", before);
        return parameters;
    }

    private static void add(MultiValueMap<String, String> parameters, String name, String value) {
        if (!value.isEmpty()) {
            parameters.add(name, value);
        }
    }

    private static String first(MultiValueMap<String, String> given, String name) {
        String value = given.getFirst(name);
        return value == null ? "" : value.strip();
    }

    private static Map<String, String> periods() {
        Map<String, String> periods = new LinkedHashMap<>();
        periods.put("", "any time");
        periods.put("1h", "the last hour");
        periods.put("24h", "the last 24 hours");
        periods.put("7d", "the last 7 days");
        periods.put("30d", "the last 30 days");
        return Collections.unmodifiableMap(periods);
    }
}
