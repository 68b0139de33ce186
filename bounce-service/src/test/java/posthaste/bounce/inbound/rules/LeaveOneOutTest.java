package posthaste.bounce.inbound.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;
import posthaste.bounce.inbound.parse.Finding;
import posthaste.bounce.inbound.parse.MailParser;
import posthaste.bounce.inbound.parse.Mbox;
import posthaste.bounce.inbound.parse.ReportKind;
import posthaste.testing.Requires;

/**
 * What the rules would be worth on mails never seen: each mail of the corpus is classified without
 * the wordings that match in no other mail. {@code {a,b} {c,d}} counts as four wordings, and all of
 * its parts that nothing else supports are taken away, published codes included; statuses and reply
 * codes stay. So it is a lower bound: what was written from general knowledge, and happens to stand
 * in one mail, is taken away too.
 */
@Tag("full")
class LeaveOneOutTest {
    private static final List<String> SHIPPED =
            List.of("provider-codes.toml", "shipped-rules.toml");

    /** In percent; two below what was reached, since wordings come and go. */
    private static final double CLASSES_AT_LEAST = 84;

    private static final double HARDNESS_AT_LEAST = 93;

    private static final BounceClassifier NO_RULE = new BounceClassifier(List.of(), "none");

    /** A rule with its wordings as they were written. */
    private record Written(Rule rule, List<String> phrases, List<Pattern> patterns) {}

    /** Why a rule matches a refusal: wordings, one of each kind is needed where there are any. */
    private record Match(Rule rule, Set<String> phrases, Set<String> patterns) {
        boolean standsWithout(Set<String> gone) {
            return (phrases.isEmpty() || !gone.containsAll(phrases))
                    && (patterns.isEmpty() || !gone.containsAll(patterns));
        }
    }

    /** A refusal and all that matches it, in the order of the rules. */
    private record Judged(Refusal refusal, List<Match> matches) {
        Classification without(Set<String> gone) {
            return matches.stream()
                    .filter(match -> match.standsWithout(gone))
                    .findFirst()
                    .map(match -> match.rule().classification(refusal))
                    .orElseGet(() -> NO_RULE.classify(refusal));
        }
    }

    /** A labelled recipient: its reply, and the words around it. */
    private record Case(String file, String expected, boolean hard, Judged reply, Judged context) {
        Classification without(Set<String> gone) {
            Classification byReply = reply.without(gone);
            if (byReply.byText() || context.refusal().text().isEmpty()) {
                return byReply;
            }
            Classification byContext = context.without(gone);
            return byContext.byText() ? byContext : byReply;
        }
    }

    private final List<Written> rules = new ArrayList<>();
    private final Map<String, List<String>> alternatives = new HashMap<>();
    private final Map<String, Set<String>> supports = new HashMap<>();

    @Test
    void mostMailsAreClassifiedByWordingsOfOthers() throws Exception {
        for (String name : SHIPPED) {
            read(name);
        }
        List<Case> cases = cases(Requires.sharedCorpus("bounces"));
        Map<String, Set<String>> lonely = new HashMap<>();
        supports.forEach((wording, files) -> {
            if (files.size() == 1) {
                lonely.computeIfAbsent(files.iterator().next(), each -> new HashSet<>())
                        .add(wording);
            }
        });
        int all = 0;
        int classes = 0;
        int hardness = 0;
        int moved = 0;
        Map<String, Integer> confusion = new TreeMap<>();
        List<String> lost = new ArrayList<>();
        for (Case each : cases) {
            Set<String> gone = lonely.getOrDefault(each.file(), Set.of());
            Classification with = each.without(Set.of());
            Classification without = each.without(gone);
            all++;
            String became = without.bounceClass().name();
            classes += became.equals(each.expected()) ? 1 : 0;
            hardness += without.hard() == each.hard() ? 1 : 0;
            moved += without.bounceClass() == with.bounceClass() ? 0 : 1;
            if (!became.equals(each.expected())) {
                confusion.merge(each.expected() + " became " + became, 1, Integer::sum);
                lost.add(
                        each.file()
                                + ": "
                                + each.expected()
                                + " became "
                                + became
                                + ": "
                                + each.reply().refusal().line());
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%d bounces; %d wordings matched, %d of them in one mail alone; without these"
                        + " %.1f %% of the classes are right, %.1f %% hard or soft; %d decided"
                        + " otherwise%n%s%n%s%n",
                all,
                supports.size(),
                lonely.values().stream().mapToInt(Set::size).sum(),
                100.0 * classes / all,
                100.0 * hardness / all,
                moved,
                confusion,
                String.join("\n", lost));
        assertThat(all).isGreaterThan(350);
        assertThat(100.0 * classes / all).isGreaterThan(CLASSES_AT_LEAST);
        assertThat(100.0 * hardness / all).isGreaterThan(HARDNESS_AT_LEAST);
    }

    private List<Case> cases(Path corpus) throws IOException {
        Map<String, List<String[]>> labels = new TreeMap<>();
        for (String line : Files.readAllLines(corpus.resolve("labels.tsv"))) {
            String[] field = line.split("\t", -1);
            if (!field[0].equals("file")) {
                labels.computeIfAbsent(field[0], each -> new ArrayList<>()).add(field);
            }
        }
        List<Case> cases = new ArrayList<>();
        for (Map.Entry<String, List<String[]>> file : labels.entrySet()) {
            List<Finding> left = new ArrayList<>();
            for (byte[] mail : Mbox.mails(Files.readAllBytes(corpus.resolve(file.getKey())), 100)) {
                left.addAll(MailParser.parse(mail).findings());
            }
            for (String[] label : file.getValue()) {
                Finding found =
                        left.stream()
                                .filter(each -> each.recipient().equalsIgnoreCase(label[3]))
                                .findFirst()
                                .orElse(null);
                if (found != null && found.kind() == ReportKind.BOUNCE) {
                    left.remove(found);
                    cases.add(
                            new Case(
                                    label[0],
                                    label[9],
                                    label[8].equals("1"),
                                    judged(found, found.reply(), label[0]),
                                    judged(found, found.context(), label[0])));
                }
            }
        }
        return cases;
    }

    private Judged judged(Finding found, String text, String file) {
        Refusal refusal = new Refusal(found.code(), found.status(), text, found.command());
        String lower = refusal.text().toLowerCase(Locale.ROOT);
        List<Match> matches = new ArrayList<>();
        for (Written written : rules) {
            if (!written.rule().concerns(refusal)) {
                continue;
            }
            Set<String> phrases = new HashSet<>();
            for (int i = 0; i < written.phrases().size(); i++) {
                if (written.rule().phrases().get(i).in(lower)) {
                    for (String one : alternatives(written.phrases().get(i))) {
                        if (Phrase.parse(one).in(lower)) {
                            phrases.add(one);
                        }
                    }
                }
            }
            Set<String> patterns = new HashSet<>();
            for (Pattern pattern : written.patterns()) {
                if (pattern.matcher(refusal.line()).find()) {
                    patterns.add(pattern.pattern());
                }
            }
            if ((!phrases.isEmpty() || written.phrases().isEmpty())
                    && (!patterns.isEmpty() || written.patterns().isEmpty())) {
                matches.add(new Match(written.rule(), phrases, patterns));
                phrases.forEach(each -> supported(each, file));
                patterns.forEach(each -> supported(each, file));
            }
        }
        return new Judged(refusal, matches);
    }

    private void supported(String wording, String file) {
        supports.computeIfAbsent(wording, each -> new HashSet<>()).add(file);
    }

    /** A phrase without braces for each way through them. */
    private List<String> alternatives(String phrase) {
        return alternatives.computeIfAbsent(phrase, LeaveOneOutTest::expanded);
    }

    private static List<String> expanded(String phrase) {
        int open = phrase.indexOf('{');
        if (open < 0) {
            return List.of(phrase);
        }
        int close = phrase.indexOf('}', open);
        List<String> all = new ArrayList<>();
        for (String choice : phrase.substring(open + 1, close).split(",", -1)) {
            all.addAll(expanded(phrase.substring(0, open) + choice + phrase.substring(close + 1)));
        }
        return all;
    }

    private void read(String name) throws Exception {
        String toml;
        try (InputStream in =
                Objects.requireNonNull(RuleBook.class.getResourceAsStream(name), name)) {
            toml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<Rule> parsed = RuleFile.parse(name, toml);
        TomlTable root = Toml.parse(toml);
        TomlArray written = Objects.requireNonNull(root.getArray("rule"));
        for (int i = 0; i < parsed.size(); i++) {
            List<String> phrases = new ArrayList<>();
            for (String text : strings(written.getTable(i).getArray("text"))) {
                if (text.startsWith("@")) {
                    phrases.addAll(strings(root.getArray("words." + text.substring(1))));
                } else {
                    phrases.add(text);
                }
            }
            Rule rule = parsed.get(i);
            assertThat(phrases).hasSameSizeAs(rule.phrases());
            rules.add(new Written(rule, phrases, rule.patterns()));
        }
    }

    private static List<String> strings(@Nullable TomlArray array) {
        return array == null ? List.of() : array.toList().stream().map(Object::toString).toList();
    }
}
