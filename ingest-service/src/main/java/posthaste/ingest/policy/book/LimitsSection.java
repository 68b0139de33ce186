package posthaste.ingest.policy.book;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import posthaste.ingest.policy.AddressPattern;
import posthaste.ingest.policy.Network;
import posthaste.ingest.policy.rate.LimitRule;
import posthaste.ingest.policy.rate.LimitRule.Whom;
import posthaste.ingest.policy.rate.Measure;
import posthaste.ingest.policy.rate.Per;
import posthaste.ingest.policy.rate.Rate;
import posthaste.service.reload.WrongFileException;

/** {@code limits:}. */
final class LimitsSection {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,39}");
    private static final String CONCURRENT = "concurrent-sessions";
    private static final String PER_MAIL = "recipients-per-mail";
    private static final int MANY = 1_000_000;

    private LimitsSection() {}

    static List<LimitRule> read(Optional<Entry> given) throws WrongFileException {
        if (given.isEmpty()) {
            return List.of();
        }
        List<LimitRule> rules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Entry item : given.get().items()) {
            LimitRule rule = rule(item, rules.size() + 1);
            if (!names.add(rule.name())) {
                throw item.wrong("two limits are called '" + rule.name() + "'");
            }
            rules.add(rule);
        }
        return rules;
    }

    private static LimitRule rule(Entry item, int number) throws WrongFileException {
        Section limit =
                item.section(
                        "name",
                        "per",
                        "of",
                        "except",
                        "messages",
                        "recipients",
                        "bytes",
                        "sessions",
                        CONCURRENT,
                        PER_MAIL);
        Optional<Entry> perGiven = limit.get("per");
        if (perGiven.isEmpty()) {
            throw item.wrong("a limit needs 'per': login, address or sender-domain");
        }
        Per per = perGiven.get().choice(Per.class);
        Map<Measure, List<Rate>> rates = rates(limit);
        OptionalInt concurrent = number(limit, CONCURRENT);
        OptionalInt perMail = number(limit, PER_MAIL);
        if (rates.isEmpty() && concurrent.isEmpty() && perMail.isEmpty()) {
            throw item.wrong("a limit must limit something, as 'messages: 1000/h'");
        }
        return new LimitRule(
                name(limit, per, number),
                per,
                whom(limit.get("of"), per),
                whom(limit.get("except"), per),
                rates,
                concurrent,
                perMail);
    }

    /** Accounts bear the rule's name: one that is given survives a change of the order. */
    private static String name(Section limit, Per per, int number) throws WrongFileException {
        Optional<Entry> given = limit.get("name");
        if (given.isEmpty()) {
            return per.toString().replace(' ', '-') + "-" + number;
        }
        String name = given.get().text();
        if (!NAME.matcher(name).matches()) {
            throw given.get()
                    .wrong("'name' must be up to 40 letters, digits, dots, hyphens, underscores");
        }
        return name;
    }

    private static Map<Measure, List<Rate>> rates(Section limit) throws WrongFileException {
        Map<Measure, List<Rate>> rates = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            Optional<Entry> given = limit.get(measure.toString());
            if (given.isPresent()) {
                rates.put(measure, given.get().all(text -> Rate.parse(text, measure)));
            }
        }
        return rates;
    }

    private static Whom whom(Optional<Entry> given, Per per) throws WrongFileException {
        if (given.isEmpty()) {
            return Whom.NOBODY;
        }
        return switch (per) {
            case LOGIN -> {
                Set<String> names = new LinkedHashSet<>();
                for (Entry name : given.get().items()) {
                    names.add(name.text());
                }
                yield new Whom(names, List.of(), List.of());
            }
            case ADDRESS -> new Whom(Set.of(), given.get().all(Network::parse), List.of());
            case SENDER_DOMAIN ->
                    new Whom(Set.of(), List.of(), given.get().all(AddressPattern::parse));
        };
    }

    private static OptionalInt number(Section limit, String key) throws WrongFileException {
        Optional<Entry> given = limit.get(key);
        return given.isPresent()
                ? OptionalInt.of(given.get().number(1, MANY))
                : OptionalInt.empty();
    }
}
