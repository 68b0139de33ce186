package posthaste.bounce.inbound.rules;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;

/**
 * A rule whose phrases and patterns have numbers, in a row: the phrases from {@code first} on, then
 * the patterns.
 *
 * @param unsure numbers of those that an index can't tell to be out of the question
 */
record IndexedRule(Rule rule, int first, List<Integer> unsure) {
    /** Gives out the numbers. */
    static final class Numbers {
        private final LiteralIndex.Builder words;
        private int next;

        Numbers(LiteralIndex.Builder words) {
            this.words = words;
        }

        /** Whether all words of a condition are in the index under its number. */
        private boolean isIndexed(List<String> needed) {
            int number = next++;
            boolean all = !needed.isEmpty();
            for (String word : needed) {
                all &= words.add(word, number);
            }
            return all;
        }
    }

    static IndexedRule of(Rule rule, Numbers numbers) {
        int first = numbers.next;
        List<Integer> unsure = new ArrayList<>();
        for (Phrase phrase : rule.phrases()) {
            int number = numbers.next;
            if (!numbers.isIndexed(phrase.needed())) {
                unsure.add(number);
            }
        }
        for (Pattern pattern : rule.patterns()) {
            int number = numbers.next;
            if (!numbers.isIndexed(RequiredLiterals.of(pattern.pattern()))) {
                unsure.add(number);
            }
        }
        return new IndexedRule(rule, first, List.copyOf(unsure));
    }

    boolean matches(Refusal refusal, RefusalText text) {
        return rule.concerns(refusal)
                && (rule.phrases().isEmpty() || anyPhrase(text))
                && (rule.patterns().isEmpty() || anyPattern(text));
    }

    private boolean anyPhrase(RefusalText text) {
        int last = first + rule.phrases().size();
        for (int number = text.found().nextSetBit(first);
                number >= 0 && number < last;
                number = text.found().nextSetBit(number + 1)) {
            if (rule.phrases().get(number - first).in(text.lowerCase())) {
                return true;
            }
        }
        return unsure.stream()
                .filter(number -> number < last)
                .anyMatch(number -> rule.phrases().get(number - first).in(text.lowerCase()));
    }

    private boolean anyPattern(RefusalText text) {
        int begin = first + rule.phrases().size();
        for (int i = 0; i < rule.patterns().size(); i++) {
            boolean possible =
                    !text.isAscii() || text.found().get(begin + i) || unsure.contains(begin + i);
            if (possible && rule.patterns().get(i).matcher(text.line()).find()) {
                return true;
            }
        }
        return false;
    }
}
