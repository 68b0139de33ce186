package posthaste.bounce.inbound.rules;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Words in a row, as rules name them: {@code {user,mailbox} * {unknown,not found}}.
 *
 * <ul>
 *   <li>Letters match in either case, a space matches one space.
 *   <li>A phrase, and what stands beside a {@code *}, begins and ends at the edge of a word; {@code
 *       ~} lifts that: {@code exceed~} is found in "exceeded".
 *   <li>{@code {a,b}} is either, {@code {a ,}} may be left out; {@code *} between spaces is
 *       anything of up to {@value #GAP} characters, nothing included.
 * </ul>
 *
 * <p>The time to match is linear in the text, whatever it holds: each step is looked for from the
 * places where the step before it may end, and these are a set.
 */
final class Phrase {
    /** Characters that a {@code *} may stand for: a long address and some words. */
    private static final int GAP = 80;

    private static final int MOST_STEPS = 20;

    private record Choice(String words, boolean openStart, boolean openEnd) {}

    /**
     * One step of a phrase.
     *
     * @param afterGap whether something may stand before it
     * @param edgeBefore whether it begins a word
     * @param edgeAfter whether it ends one
     */
    private record Step(
            List<Choice> choices, boolean afterGap, boolean edgeBefore, boolean edgeAfter) {}

    private final List<Step> steps;

    private Phrase(List<Step> steps) {
        this.steps = steps;
    }

    /**
     * Reads a phrase.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    static Phrase parse(String written) {
        List<Step> steps = new ArrayList<>();
        for (String run : written.toLowerCase(Locale.ROOT).split("\\*", -1)) {
            List<List<Choice>> groups = groups(run.strip());
            if (groups.isEmpty()) {
                throw new IllegalArgumentException(
                        "the phrase \"" + written + "\" has nothing beside a *");
            }
            for (int i = 0; i < groups.size(); i++) {
                steps.add(
                        new Step(
                                groups.get(i),
                                i == 0 && !steps.isEmpty(),
                                i == 0,
                                i == groups.size() - 1));
            }
        }
        if (steps.size() > MOST_STEPS) {
            throw new IllegalArgumentException(
                    "the phrase \"" + written + "\" has more than " + MOST_STEPS + " steps");
        }
        if (steps.getFirst().choices().stream().anyMatch(each -> each.words().isEmpty())) {
            throw new IllegalArgumentException(
                    "the phrase \"" + written + "\" begins with what may be left out");
        }
        return new Phrase(List.copyOf(steps));
    }

    /** The words and the {@code {...}} of a run, in a row. */
    private static List<List<Choice>> groups(String run) {
        List<List<Choice>> groups = new ArrayList<>();
        int at = 0;
        while (at < run.length()) {
            int open = run.indexOf('{', at);
            String words = run.substring(at, open < 0 ? run.length() : open);
            if (words.indexOf('}') >= 0) {
                throw new IllegalArgumentException("\"" + run + "\" has a } without {");
            }
            if (!words.isEmpty()) {
                groups.add(List.of(choice(words)));
            }
            if (open < 0) {
                break;
            }
            int close = run.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("\"" + run + "\" has a { without }");
            }
            List<Choice> choices = new ArrayList<>();
            for (String each : run.substring(open + 1, close).split(",", -1)) {
                choices.add(choice(each));
            }
            groups.add(List.copyOf(choices));
            at = close + 1;
        }
        return groups;
    }

    private static Choice choice(String words) {
        boolean openStart = words.startsWith("~");
        boolean openEnd = words.length() > 1 && words.endsWith("~");
        String bare = words.substring(openStart ? 1 : 0, words.length() - (openEnd ? 1 : 0));
        if (bare.indexOf('~') >= 0) {
            throw new IllegalArgumentException(
                    "in \"" + words + "\" a ~ stands neither first nor last");
        }
        return new Choice(bare, openStart, openEnd);
    }

    /**
     * Words of which one is in each text that the phrase is in: those of the step whose shortest is
     * longest. None when that may be nothing at all.
     */
    List<String> needed() {
        return steps.stream()
                .map(step -> step.choices().stream().map(Choice::words).toList())
                .max(Comparator.comparingInt(Phrase::shortest))
                .filter(words -> shortest(words) > 0)
                .orElse(List.of());
    }

    private static int shortest(List<String> words) {
        return words.stream().mapToInt(String::length).min().orElse(0);
    }

    /**
     * Whether the phrase is in a text.
     *
     * @param text in lower case, white space collapsed
     */
    boolean in(String text) {
        BitSet ends = new BitSet();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            BitSet next = new BitSet();
            for (Choice choice : step.choices()) {
                if (i == 0) {
                    anywhere(step, choice, text, next);
                } else if (step.afterGap()) {
                    behindGap(step, choice, text, ends, next);
                } else {
                    adjacent(step, choice, text, ends, next);
                }
            }
            if (next.isEmpty()) {
                return false;
            }
            ends = next;
        }
        return true;
    }

    private static void anywhere(Step step, Choice choice, String text, BitSet ends) {
        String words = choice.words();
        for (int at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
            if (fits(step, choice, text, at)) {
                ends.set(at + words.length());
            }
        }
    }

    private static void behindGap(
            Step step, Choice choice, String text, BitSet after, BitSet ends) {
        String words = choice.words();
        int from = after.nextSetBit(0);
        for (int at = text.indexOf(words, from);
                at >= 0 && !words.isEmpty();
                at = text.indexOf(words, at + 1)) {
            if (at - after.previousSetBit(at) <= GAP && fits(step, choice, text, at)) {
                ends.set(at + words.length());
            }
        }
    }

    private static void adjacent(Step step, Choice choice, String text, BitSet after, BitSet ends) {
        for (int at = after.nextSetBit(0); at >= 0; at = after.nextSetBit(at + 1)) {
            if (text.startsWith(choice.words(), at) && fits(step, choice, text, at)) {
                ends.set(at + choice.words().length());
            }
        }
    }

    private static boolean fits(Step step, Choice choice, String text, int at) {
        int end = at + choice.words().length();
        boolean begins = !step.edgeBefore() || choice.openStart() || !joins(text, at - 1, at);
        return begins && (!step.edgeAfter() || choice.openEnd() || !joins(text, end - 1, end));
    }

    /** Whether two neighbours belong to one word. */
    private static boolean joins(String text, int left, int right) {
        return left >= 0
                && right < text.length()
                && isWordLetter(text.charAt(left))
                && isWordLetter(text.charAt(right));
    }

    private static boolean isWordLetter(char c) {
        // Scripts without spaces between words (Japanese) have no edges to respect.
        return c < 0x2e80 && Character.isLetterOrDigit(c);
    }
}
