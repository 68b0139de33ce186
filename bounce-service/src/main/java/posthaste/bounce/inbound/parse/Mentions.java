package posthaste.bounce.inbound.parse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The recipients of whom a free text tells, and what it tells of each: no format is assumed, only
 * that a recipient stands alone on a line, begins one, follows a word that introduces it, or was
 * named in RCPT.
 */
final class Mentions {
    /** Enough to be believed without more evidence. */
    private static final int SURE = 6;

    private static final int LIKELY = 4;

    private static final Pattern NOT_A_RECIPIENT =
            Pattern.compile(
                    "\\b(?:mail from|from|sender|envelope-from|reply-to|contact|help|message-id|message id|in-reply-to|references|complain|questions?|support|visit|id|forward|administrator|postmaster at|postmaster|sent by|subscription|unsubscribe|endpoint)\\s*[:=]?\\s*[<(\\[\"']*$");
    private static final Pattern INTRODUCED =
            Pattern.compile(
                    "(?:recipients?(?:\\(s\\))?|delivered to|delivery to|deliver(?:ing)?(?: your| the)?(?: e?-?mail| message)?(?: to)?|delivered|not reach|addressed to|message to|mail to|address(?:es|\\(es\\))?|userid|users?|mailbox|undeliverable(?: +to)?|failed|unknown|person|rcpt|account|destination|for|получател[а-я]*|宛先|宛)\\b\\s*(?:is|was|are|were)?\\s*[:=]?\\s*[<(\\[\"']*$|(?:empfänger|destinataires?|destinatari[oi]s?|destinatários?|odbiorc[aóy]w?|ontvangers?|получател[а-я]*|收件人|收件者|宛先|受信者|받는 ?사람|수신자)\\s*[:：=]?\\s*[<(\\[\"'（]*$|\\b(?:in|list) <$|\\bsmtp[=:] ?$");
    private static final Pattern CODE = Pattern.compile("(?<!\\d)[45]\\d\\d[ -]");

    /** One recipient: how sure it is, and the lines that tell of it. */
    private static final class Mention {
        final String address;
        int score;
        final StringBuilder text = new StringBuilder();

        Mention(String address) {
            this.address = address;
        }
    }

    private final Map<String, Mention> mentions = new LinkedHashMap<>();
    private final List<String> lines;
    private final Set<String> senders;

    private Mentions(List<String> lines, Set<String> senders) {
        this.lines = lines;
        this.senders = senders;
    }

    /**
     * Recipients with the text about each.
     *
     * @param senders addresses, in lower case, that are hardly recipients: who gets the report, and
     *     who wrote it
     */
    static Map<String, String> in(List<String> lines, Set<String> senders) {
        return in(lines, senders, LIKELY);
    }

    /** The same, of those alone that need no more evidence. */
    static Map<String, String> sureIn(List<String> lines, Set<String> senders) {
        return in(lines, senders, SURE);
    }

    private static Map<String, String> in(List<String> lines, Set<String> senders, int least) {
        Mentions mentions = new Mentions(lines, senders);
        mentions.score();
        return mentions.texts(least);
    }

    private void score() {
        for (String line : lines) {
            if (line.indexOf('@') < 0) {
                continue;
            }
            String lower = Ascii.lower(line);
            for (Addresses.Found found : Addresses.in(line)) {
                int score = score(line, lower, found);
                String key = Ascii.lower(found.address());
                if (senders.contains(key)) {
                    score -= score >= 8 ? 5 : LIKELY;
                }
                if (score > 0 && mentions.size() < Bounds.RECIPIENTS) {
                    Mention mention =
                            mentions.computeIfAbsent(key, each -> new Mention(found.address()));
                    mention.score = Math.max(mention.score, score);
                }
            }
        }
    }

    private static int score(String line, String lower, Addresses.Found found) {
        int start = found.start();
        int lead = Math.max(0, start - 60);
        String before = lower.substring(lead, start);
        String after = line.substring(found.end());
        if (before.contains("rcpt to") || before.endsWith("rcpt: <")) {
            return 10;
        }
        if (NOT_A_RECIPIENT.matcher(before).find()
                || before.contains("://")
                || before.endsWith("mailto:")) {
            return 0;
        }
        String bareBefore = bare(before);
        String bareAfter = bare(after);
        if (lead == 0 && bareBefore.isEmpty()) {
            if (bareAfter.isEmpty()) {
                return 9;
            }
            boolean tells =
                    after.startsWith(":")
                            || after.startsWith(">:")
                            || after.startsWith("\":")
                            || after.startsWith(">")
                            || after.startsWith("...")
                            || after.startsWith(" [")
                            || after.startsWith(" (")
                            || after.startsWith(" on ")
                            || after.startsWith(" ");
            return tells ? 8 : 5;
        }
        if (lower.stripLeading().startsWith("to:")) {
            return LIKELY;
        }
        if (INTRODUCED.matcher(before).find() || endsSentence(before, bareAfter)) {
            return 7;
        }
        return CODE.matcher(before).find() ? SURE : 2;
    }

    /** {@code Mailbox is full: <user@example.org>}. */
    private static boolean endsSentence(String before, String bareAfter) {
        int last = before.length() - 1;
        while (last >= 0 && " <(['\"".indexOf(before.charAt(last)) >= 0) {
            last--;
        }
        return bareAfter.isEmpty() && last >= 0 && before.charAt(last) == ':';
    }

    /** What is left of a text but marks. */
    private static String bare(String text) {
        int start = 0;
        int end = text.length();
        String marks = " \t<>\"'`()[]{}:;,.*-•=|#~_";
        while (start < end && marks.indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        while (end > start && marks.indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return text.substring(start, end);
    }

    private Map<String, String> texts(int worst) {
        int best = mentions.values().stream().mapToInt(each -> each.score).max().orElse(0);
        int least = best >= SURE ? SURE : best >= worst ? worst : Integer.MAX_VALUE;
        mentions.values().removeIf(each -> each.score < least);
        List<Mention> named = new ArrayList<>();
        for (String line : lines) {
            if (line.indexOf('@') >= 0) {
                Mention mention = mentionIn(line);
                if (mention != null) {
                    named = List.of(mention);
                }
            }
            for (Mention mention : named) {
                if (mention.text.length() < 8_000) {
                    mention.text.append(line).append('\n');
                }
            }
        }
        Map<String, String> texts = new LinkedHashMap<>();
        mentions.values().forEach(each -> texts.put(each.address, each.text.toString()));
        return texts;
    }

    private @Nullable Mention mentionIn(String line) {
        for (Addresses.Found found : Addresses.in(line)) {
            Mention mention = mentions.get(Ascii.lower(found.address()));
            if (mention != null) {
                return mention;
            }
        }
        return null;
    }
}
