package posthaste.bounce.rest;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import posthaste.bounce.deliverylog.LogQuery;
import posthaste.bounce.deliverylog.LogQuery.Details;
import posthaste.bounce.deliverylog.LogQuery.Outcome;
import posthaste.bounce.inbound.rules.BounceClass;
import posthaste.mail.envelope.MailId;

/** The parameters of a search, checked. */
public final class SearchParameters {
    private static final Set<String> NAMES =
            new TreeSet<>(
                    Set.of(
                            "recipient",
                            "sender",
                            "id",
                            "from",
                            "to",
                            "before",
                            "limit",
                            "messageId",
                            "domain",
                            "reply",
                            "status",
                            "bounceClass",
                            "stream",
                            "outcome"));

    private final Map<String, List<String>> given;

    private SearchParameters(Map<String, List<String>> given) {
        this.given = given;
    }

    /** All of their names. */
    static Set<String> names() {
        return Collections.unmodifiableSet(NAMES);
    }

    /** What {@code bounceClass} may be. */
    public static List<String> classes() {
        return Arrays.stream(BounceClass.values()).map(BounceClass::name).toList();
    }

    /** What {@code outcome} may be. */
    public static List<String> outcomes() {
        return Arrays.stream(Outcome.values())
                .map(outcome -> outcome.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    /**
     * Reads a search from a request's parameters; an empty one counts as not given.
     *
     * @param now what {@code 2h} is counted back from
     * @param limit when none is given
     */
    public static LogQuery read(Map<String, List<String>> given, Instant now, int limit)
            throws WrongParameterException {
        for (String name : given.keySet()) {
            if (!NAMES.contains(name)) {
                throw new WrongParameterException(
                        name, "left out: the parameters are " + String.join(", ", NAMES));
            }
        }
        SearchParameters parameters = new SearchParameters(given);
        return new LogQuery(
                parameters.address("recipient"),
                parameters.sender(),
                parameters.id("id"),
                parameters.one("from").time(now),
                parameters.one("to").time(now),
                parameters.id("before"),
                parameters.one("limit").limit(limit, LogQuery.LIMIT),
                parameters.details());
    }

    private Details details() throws WrongParameterException {
        Optional<String> status = text("status");
        if (status.filter(code -> !code.matches("[245](\\.\\d{1,3}){0,2}|[245]\\d\\d"))
                .isPresent()) {
            throw new WrongParameterException(
                    "status", "an enhanced status code as 5.1.1, its beginning, or a code as 550");
        }
        return new Details(
                text("messageId"),
                text("domain"),
                text("reply"),
                status,
                bounceClass(),
                text("stream"),
                outcome());
    }

    private Optional<String> bounceClass() throws WrongParameterException {
        Optional<String> text =
                text("bounceClass").map(name -> name.toUpperCase(Locale.ROOT).replace('-', '_'));
        if (text.filter(name -> !classes().contains(name)).isPresent()) {
            throw new WrongParameterException(
                    "bounceClass", "one of " + String.join(", ", classes()));
        }
        return text;
    }

    private Optional<Outcome> outcome() throws WrongParameterException {
        Optional<String> text = text("outcome");
        for (Outcome outcome : Outcome.values()) {
            if (text.filter(outcome.name().toLowerCase(Locale.ROOT)::equals).isPresent()) {
                return Optional.of(outcome);
            }
        }
        if (text.isPresent()) {
            throw new WrongParameterException("outcome", "one of " + String.join(", ", outcomes()));
        }
        return Optional.empty();
    }

    private Given one(String name) throws WrongParameterException {
        List<String> values = given.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new WrongParameterException(name, "given once");
        }
        return Given.of(name, values.isEmpty() ? null : values.getFirst());
    }

    private Optional<String> text(String name) throws WrongParameterException {
        return one(name).optional();
    }

    private Optional<String> address(String name) throws WrongParameterException {
        Optional<String> text = text(name).map(SearchParameters::withoutBrackets);
        if (text.filter(address -> !address.contains("@")).isPresent()) {
            throw new WrongParameterException(name, "a whole address as user@example.org");
        }
        return text;
    }

    /** {@code <>} asks for the null reverse-path. */
    private Optional<String> sender() throws WrongParameterException {
        return text("sender").filter("<>"::equals).isPresent()
                ? Optional.of("")
                : address("sender");
    }

    private static String withoutBrackets(String address) {
        return address.startsWith("<") && address.endsWith(">")
                ? address.substring(1, address.length() - 1)
                : address;
    }

    private Optional<MailId> id(String name) throws WrongParameterException {
        Optional<String> text = text(name).map(id -> id.toLowerCase(Locale.ROOT));
        if (text.filter(id -> !MailId.isValid(id)).isPresent()) {
            throw new WrongParameterException(
                    name, "the id of a mail: 26 characters, as in the 250");
        }
        return text.map(MailId::new);
    }
}
