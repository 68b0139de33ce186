package posthaste.bounce.inbound.rules;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * Reads a rule file: our own form ({@code [[rule]]} tables, docs/bounces.md), or KumoMTA's ({@code
 * [rules]} with a list of regular expressions for each of its classes), or both in one.
 */
final class RuleFile {
    private static final java.util.regex.Pattern CODE =
            java.util.regex.Pattern.compile("[245]([0-9]{2})?|none");
    private static final java.util.regex.Pattern STATUS =
            java.util.regex.Pattern.compile("[245x]\\.[0-9]{1,3}\\.([0-9]{1,3})?|none");
    private static final Set<String> FIELDS =
            new TreeSet<>(
                    Set.of(
                            "class", "hard", "weak", "code", "status", "command", "text",
                            "pattern"));

    private final String name;
    private final Map<String, List<Phrase>> words = new HashMap<>();
    private final List<Rule> rules = new ArrayList<>();

    private final List<String> lines;

    private RuleFile(String name, List<String> lines) {
        this.name = name;
        this.lines = lines;
    }

    /**
     * Reads rules, in the order in which they are tried.
     *
     * @param name of the file, for messages
     */
    static List<Rule> parse(String name, String toml) throws InvalidRulesException {
        TomlParseResult result = Toml.parse(toml);
        if (result.hasErrors()) {
            TomlParseError error = result.errors().getFirst();
            throw new InvalidRulesException(
                    name, error.position().line(), reason(error.getMessage()));
        }
        RuleFile file = new RuleFile(name, toml.lines().toList());
        file.read(result);
        return file.rules;
    }

    private void read(TomlTable root) throws InvalidRulesException {
        for (String key : root.keySet()) {
            boolean known =
                    key.equals("rule")
                            ? root.isArray(key)
                            : Set.of("rules", "words").contains(key) && root.isTable(key);
            if (!known) {
                throw wrong(
                        root.inputPositionOf(key),
                        "\"" + key + "\" is none of [[rule]], [rules] and [words]");
            }
        }
        TomlTable named = root.getTable("words");
        if (named != null) {
            for (String key : named.keySet()) {
                List<Phrase> phrases = new ArrayList<>();
                for (Item item : items(named, key)) {
                    phrases.add(item.phrase());
                }
                words.put(key, phrases);
            }
        }
        TomlArray own = root.getArray("rule");
        for (int i = 0; own != null && i < own.size(); i++) {
            if (!(own.get(i) instanceof TomlTable table)) {
                throw wrong(own.inputPositionOf(i), "a rule is a table: [[rule]]");
            }
            rules.add(rule(table, own.inputPositionOf(i)));
        }
        TomlTable foreign = root.getTable("rules");
        if (foreign != null) {
            for (String key : foreign.keySet()) {
                foreignRules(foreign, key);
            }
        }
    }

    private Rule rule(TomlTable table, @Nullable TomlPosition position)
            throws InvalidRulesException {
        for (String key : table.keySet()) {
            if (!FIELDS.contains(key)) {
                throw wrong(
                        table.inputPositionOf(key),
                        "\"" + key + "\" is no field of a rule; there are " + FIELDS);
            }
        }
        Object named = table.get("class");
        if (!(named instanceof String className)) {
            throw wrong(position, "a rule has a class = \"...\"");
        }
        BounceClass bounceClass =
                ClassNames.find(className)
                        .orElseThrow(() -> unknownClass(table.inputPositionOf("class"), className));
        Optional<Boolean> hard = flag(table, "hard");
        boolean weak = flag(table, "weak").orElse(false);
        Set<String> codes = new LinkedHashSet<>();
        Set<String> statuses = new LinkedHashSet<>();
        Set<String> commands = new LinkedHashSet<>();
        List<Phrase> phrases = new ArrayList<>();
        List<Pattern> patterns = new ArrayList<>();
        for (Item item : items(table, "code")) {
            codes.add(
                    item.like(
                            CODE, "a reply code (550, 5 for all of that class, none for no code)"));
        }
        for (Item item : items(table, "status")) {
            statuses.add(item.like(STATUS, "an enhanced status code (5.1.1, x.1.1 or x.1.)"));
        }
        for (Item item : items(table, "command")) {
            commands.add(item.text().toUpperCase(Locale.ROOT));
        }
        for (Item item : items(table, "text")) {
            if (item.text().startsWith("@")) {
                phrases.addAll(named(item));
            } else {
                phrases.add(item.phrase());
            }
        }
        for (Item item : items(table, "pattern")) {
            patterns.add(item.pattern());
        }
        if (codes.isEmpty()
                && statuses.isEmpty()
                && commands.isEmpty()
                && phrases.isEmpty()
                && patterns.isEmpty()) {
            throw wrong(position, "a rule without a condition would match everything");
        }
        return new Rule(
                where(position),
                bounceClass,
                hard,
                weak,
                codes,
                statuses,
                commands,
                phrases,
                patterns);
    }

    private List<Phrase> named(Item item) throws InvalidRulesException {
        List<Phrase> phrases = words.get(item.text().substring(1));
        if (phrases == null) {
            throw wrong(item.position(), "no list \"" + item.text() + "\" is in [words]");
        }
        return phrases;
    }

    private Optional<Boolean> flag(TomlTable table, String key) throws InvalidRulesException {
        if (!table.contains(key)) {
            return Optional.empty();
        }
        if (!(table.get(key) instanceof Boolean value)) {
            throw wrong(table.inputPositionOf(key), key + " is true or false");
        }
        return Optional.of(value);
    }

    private void foreignRules(TomlTable table, String className) throws InvalidRulesException {
        BounceClass bounceClass =
                ClassNames.find(className)
                        .orElseThrow(
                                () -> unknownClass(table.inputPositionOf(className), className));
        for (Item item : items(table, className)) {
            rules.add(
                    new Rule(
                            where(item.position()),
                            bounceClass,
                            Optional.empty(),
                            false,
                            Set.of(),
                            Set.of(),
                            Set.of(),
                            List.of(),
                            List.of(item.pattern())));
        }
    }

    /** A text in a list, and where it stands. */
    private record Item(RuleFile file, String text, @Nullable TomlPosition position) {
        String like(java.util.regex.Pattern form, String what) throws InvalidRulesException {
            if (!form.matcher(text).matches()) {
                throw file.wrong(position, "\"" + text + "\" is not " + what);
            }
            return text;
        }

        Phrase phrase() throws InvalidRulesException {
            try {
                return Phrase.parse(text);
            } catch (IllegalArgumentException e) {
                throw file.wrong(position, reason(e.getMessage()));
            }
        }

        Pattern pattern() throws InvalidRulesException {
            try {
                return Pattern.compile(text);
            } catch (PatternSyntaxException e) {
                throw file.wrong(
                        position,
                        "\"" + text + "\" is no regular expression: " + e.getDescription());
            }
        }
    }

    private List<Item> items(TomlTable table, String key) throws InvalidRulesException {
        Object value = table.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof TomlArray array)) {
            throw wrong(table.inputPositionOf(key), key + " is a list of texts");
        }
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            if (!(array.get(i) instanceof String text) || text.isBlank()) {
                throw wrong(array.inputPositionOf(i), key + " is a list of texts, none empty");
            }
            items.add(new Item(this, text, begin(array.inputPositionOf(i))));
        }
        return items;
    }

    /**
     * Where an item of a list begins: the reader tells where the one before it ended, which may be
     * lines above.
     */
    private TomlPosition begin(TomlPosition behindLast) {
        int line = behindLast.line();
        int column = behindLast.column();
        while (line <= lines.size()) {
            String text = lines.get(line - 1);
            for (; column <= text.length() && text.charAt(column - 1) != '#'; column++) {
                if (!Character.isWhitespace(text.charAt(column - 1))) {
                    return TomlPosition.positionAt(line, column);
                }
            }
            line++;
            column = 1;
        }
        return behindLast;
    }

    private InvalidRulesException unknownClass(@Nullable TomlPosition position, String className) {
        return wrong(
                position, "there is no class \"" + className + "\"; there are " + ClassNames.all());
    }

    private InvalidRulesException wrong(@Nullable TomlPosition position, String reason) {
        return new InvalidRulesException(name, position == null ? 0 : position.line(), reason);
    }

    private String where(@Nullable TomlPosition position) {
        return position == null ? name : name + ":" + position.line();
    }

    private static String reason(@Nullable String message) {
        return message == null ? "it is not TOML" : message;
    }
}
