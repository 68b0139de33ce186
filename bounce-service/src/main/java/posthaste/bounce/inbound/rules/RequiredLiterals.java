package posthaste.bounce.inbound.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Words of which one has to be in a text for a regular expression to match, in lower case. Read off
 * the expression without understanding all of it: whatever is not a plain letter ends a word.
 */
final class RequiredLiterals {
    /** A shorter word is nearly everywhere. */
    private static final int LEAST = 3;

    /**
     * Letters by number, classes by name, quotations; and letters whose case is more than a bit.
     */
    private static final Pattern HARD_TO_READ = Pattern.compile("\\\\[0-9xpPQ]|[^\\x00-\\x7f]");

    private final String regex;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder run = new StringBuilder();
    private String longest = "";

    private RequiredLiterals(String regex) {
        this.regex = regex;
    }

    /** One word for each alternative; none when an alternative has no such word. */
    static List<String> of(String regex) {
        if (HARD_TO_READ.matcher(regex).find()) {
            return List.of();
        }
        RequiredLiterals literals = new RequiredLiterals(regex);
        return literals.read() ? List.copyOf(literals.words) : List.of();
    }

    private boolean read() {
        int at = 0;
        while (at < regex.length()) {
            char c = regex.charAt(at);
            switch (c) {
                case '|' -> {
                    if (!endAlternative()) {
                        return false;
                    }
                }
                case '\\' -> at = escaped(at + 1);
                case '[' -> {
                    endRun();
                    at = behindClass(at);
                }
                case '(' -> {
                    endRun();
                    at = behindGroup(at);
                }
                case '*', '?' -> lastMayMiss();
                case '{' -> {
                    lastMayMiss();
                    at = Math.max(at, regex.indexOf('}', at));
                }
                case '+', '.', '^', '$' -> endRun();
                default -> run.append(c);
            }
            at++;
        }
        return endAlternative();
    }

    private boolean endAlternative() {
        endRun();
        boolean found = longest.length() >= LEAST;
        words.add(longest);
        longest = "";
        return found;
    }

    private int escaped(int at) {
        if (at < regex.length() && !Character.isLetterOrDigit(regex.charAt(at))) {
            run.append(regex.charAt(at));
        } else {
            endRun();
        }
        return at;
    }

    private void lastMayMiss() {
        if (!run.isEmpty()) {
            run.setLength(run.length() - 1);
        }
        endRun();
    }

    private void endRun() {
        if (run.length() > longest.length()) {
            longest = run.toString().toLowerCase(Locale.ROOT);
        }
        run.setLength(0);
    }

    private int behindClass(int open) {
        int at = open + 1;
        if (at < regex.length() && regex.charAt(at) == '^') {
            at++;
        }
        if (at < regex.length() && regex.charAt(at) == ']') {
            at++;
        }
        while (at < regex.length() && regex.charAt(at) != ']') {
            if (regex.startsWith("[:", at)) {
                at = Math.max(at, regex.indexOf(":]", at) + 1);
            } else if (regex.charAt(at) == '\\') {
                at++;
            }
            at++;
        }
        return at;
    }

    private int behindGroup(int open) {
        int depth = 0;
        int at = open;
        for (; at < regex.length(); at++) {
            switch (regex.charAt(at)) {
                case '\\' -> at++;
                case '[' -> at = behindClass(at);
                case '(' -> depth++;
                case ')' -> {
                    depth--;
                    if (depth == 0) {
                        return at;
                    }
                }
                default -> {}
            }
        }
        return at;
    }
}
