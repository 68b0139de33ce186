package posthaste.bounce.inbound.rules;

import java.util.BitSet;
import java.util.Locale;

/**
 * A refusal's words, as conditions look at them.
 *
 * @param line for regular expressions: {@code 550 5.1.1 text}
 * @param lowerCase for phrases, without the codes
 * @param found numbers of the conditions whose words are in it
 * @param isAscii whether it holds nothing else: only then do regular expressions, which fold the
 *     case of all scripts, match only where their words are found
 */
record RefusalText(String line, String lowerCase, BitSet found, boolean isAscii) {
    static RefusalText of(Refusal refusal, LiteralIndex index) {
        String line = refusal.line();
        String lower = refusal.text().toLowerCase(Locale.ROOT);
        boolean ascii = true;
        for (int i = 0; i < lower.length() && ascii; i++) {
            ascii = lower.charAt(i) < 0x80;
        }
        // The codes are part of what expressions see, and so of what is searched.
        int codes = line.length() - refusal.text().length();
        return new RefusalText(
                line, lower, index.in(line.substring(0, codes).concat(lower)), ascii);
    }
}
