package posthaste.bounce.inbound.rules;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Finds in one pass over a text which of thousands of words are in it (Aho and Corasick, 1975), so
 * that only the few conditions are looked at whose words are there. Immutable once built.
 */
final class LiteralIndex {
    private static final int ROOT = 0;
    private static final int ASCII = 128;

    private static final int ABSENT = -1;

    /** Where a state leads by a character, both in one key: a hash table, open addressed. */
    private final int[] keys;

    private final int[] targets;

    /** The same of the root, where most characters of a text lead nowhere. */
    private final int[] fromRoot = new int[ASCII];

    private final int[] fallback;
    private final int[][] found;

    private LiteralIndex(Map<Integer, Integer> steps, int[] fallback, int[][] found) {
        this.fallback = fallback;
        this.found = found;
        int size = Integer.highestOneBit(Math.max(16, steps.size() * 4));
        this.keys = new int[size];
        this.targets = new int[size];
        Arrays.fill(targets, ABSENT);
        steps.forEach((key, target) -> {
            int at = place(key);
            keys[at] = key;
            targets[at] = target;
        });
        for (int c = 0; c < ASCII; c++) {
            fromRoot[c] = Math.max(ROOT, step(ROOT, (char) c));
        }
    }

    /** Where a key is, or would be. */
    private int place(int key) {
        int mask = keys.length - 1;
        int at = ((key * 0x9E3779B9) >>> 7) & mask;
        while (targets[at] != ABSENT && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private int step(int state, char c) {
        return targets[place(key(state, c))];
    }

    /** Collects the words. */
    static final class Builder {
        /** Two bytes of a state and two of a character make the key. */
        private static final int MOST_STATES = 1 << 16;

        private final Map<Integer, Integer> steps = new HashMap<>();
        private final List<List<Integer>> found = new ArrayList<>(List.of(new ArrayList<>()));

        /**
         * Adds a word, not empty, that stands for a number.
         *
         * @return false when there is no more room: the number then has to be taken as found always
         */
        boolean add(String word, int number) {
            if (found.size() + word.length() > MOST_STATES) {
                return false;
            }
            int state = ROOT;
            for (int i = 0; i < word.length(); i++) {
                int key = key(state, word.charAt(i));
                Integer next = steps.get(key);
                if (next == null) {
                    next = found.size();
                    found.add(new ArrayList<>());
                    steps.put(key, next);
                }
                state = next;
            }
            found.get(state).add(number);
            return true;
        }

        LiteralIndex build() {
            int[] fallback = new int[found.size()];
            int[][] numbers = new int[found.size()][];
            Map<Integer, List<Integer>> keysOf = new HashMap<>();
            steps.keySet()
                    .forEach(key ->
                            keysOf.computeIfAbsent(key >>> 16, each -> new ArrayList<>()).add(key));
            Queue<Integer> states = new ArrayDeque<>(List.of(ROOT));
            numbers[ROOT] = new int[0];
            while (!states.isEmpty()) {
                int state = states.remove();
                for (int key : keysOf.getOrDefault(state, List.of())) {
                    int next = steps.getOrDefault(key, ROOT);
                    fallback[next] =
                            state == ROOT
                                    ? ROOT
                                    : longestSuffix(fallback, fallback[state], (char) key);
                    numbers[next] = joined(found.get(next), numbers[fallback[next]]);
                    states.add(next);
                }
            }
            return new LiteralIndex(steps, fallback, numbers);
        }

        private int longestSuffix(int[] fallback, int from, char c) {
            int state = from;
            while (state != ROOT && !steps.containsKey(key(state, c))) {
                state = fallback[state];
            }
            return steps.getOrDefault(key(state, c), ROOT);
        }

        private static int[] joined(List<Integer> own, int[] ofSuffix) {
            int[] all = Arrays.copyOf(ofSuffix, ofSuffix.length + own.size());
            for (int i = 0; i < own.size(); i++) {
                all[ofSuffix.length + i] = own.get(i);
            }
            return all;
        }
    }

    /** The numbers of the words that are in a text. */
    BitSet in(CharSequence text) {
        BitSet numbers = new BitSet();
        int state = ROOT;
        for (int i = 0; i < text.length(); i++) {
            state = next(state, text.charAt(i));
            for (int number : found[state]) {
                numbers.set(number);
            }
        }
        return numbers;
    }

    private int next(int from, char c) {
        int state = from;
        while (state != ROOT) {
            int next = step(state, c);
            if (next != ABSENT) {
                return next;
            }
            state = fallback[state];
        }
        return c < ASCII ? fromRoot[c] : Math.max(ROOT, step(ROOT, c));
    }

    private static int key(int state, char c) {
        return (state << 16) | c;
    }
}
