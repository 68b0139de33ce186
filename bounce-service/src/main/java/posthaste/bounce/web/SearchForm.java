package posthaste.bounce.web;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.util.MultiValueMap;

/**
 * The search as it was typed. One field takes a sender or an id, since an id has no {@code @}.
 *
 * @param since how far back; the exact times count before it
 * @param from exact, or empty
 * @param to exact, or empty
 * @param before how the page begins
 * @param reply words of a server's reply
 * @param status an enhanced status code, its beginning, or a reply code
 */
public record SearchForm(
        String recipient,
        String sender,
        String since,
        String from,
        String to,
        String domain,
        String messageId,
        String reply,
        String status,
        String bounceClass,
        String outcome,
        String stream,
        String before) {
    /** Choices of {@code since}, by what they are called. */
    public static final Map<String, String> PERIODS = periods();

    static SearchForm of(MultiValueMap<String, String> given) {
        return new SearchForm(
                first(given, "recipient"),
                first(given, "sender"),
                first(given, "since"),
                first(given, "from"),
                first(given, "to"),
                first(given, "domain"),
                first(given, "messageId"),
                first(given, "reply"),
                first(given, "status"),
                first(given, "bounceClass"),
                first(given, "outcome"),
                first(given, "stream"),
                first(given, "before"));
    }

    /** Whether anything is searched for: the page without a search shows the newest mail. */
    public boolean isEmpty() {
        return typed().isEmpty();
    }

    public boolean hasExactTimes() {
        return !from.isEmpty() || !to.isEmpty();
    }

    /** Whether one of the fields is used that are needed less often. */
    public boolean hasDetails() {
        return !details().isEmpty();
    }

    boolean namesId() {
        return !sender.isEmpty() && !sender.contains("@") && !sender.equals("<>");
    }

    /** What was typed by the names of the fields, but for where the page begins. */
    Map<String, String> typed() {
        Map<String, String> typed = new LinkedHashMap<>();
        add(typed, "recipient", recipient);
        add(typed, "sender", sender);
        add(typed, "since", since);
        add(typed, "from", from);
        add(typed, "to", to);
        typed.putAll(details());
        return typed;
    }

    /** As REST would get them. */
    Map<String, List<String>> parameters() {
        Map<String, String> parameters = details();
        add(parameters, "recipient", recipient);
        add(parameters, namesId() ? "id" : "sender", sender);
        add(parameters, "from", from.isEmpty() ? since : from);
        add(parameters, "to", to);
        add(parameters, "before", before);
        Map<String, List<String>> lists = new LinkedHashMap<>();
        parameters.forEach((name, value) -> lists.put(name, List.of(value)));
        return lists;
    }

    private Map<String, String> details() {
        Map<String, String> details = new LinkedHashMap<>();
        add(details, "domain", domain);
        add(details, "messageId", messageId);
        add(details, "reply", reply);
        add(details, "status", status);
        add(details, "bounceClass", bounceClass);
        add(details, "outcome", outcome);
        add(details, "stream", stream);
        return details;
    }

    private static void add(Map<String, String> parameters, String name, String value) {
        if (!value.isEmpty()) {
            parameters.put(name, value);
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
