package posthaste.bounce.inbound.parse;

import java.util.List;
import java.util.regex.Pattern;

/** Where a text stops telling and begins to return the mail that it is about. */
final class ReturnedText {
    private static final Pattern COPY =
            Pattern.compile(
                    "(?<!receive a )\\bcopy of (?:the |your |this |that )?(?:original |returned |entire )?(?:message|mail|header|e-mail)");
    private static final Pattern FOLLOWS =
            Pattern.compile(
                    "\\b(?:message|mail|headers?|text)(?:'s headers?| headers?| text)?(?: is| are)? follow(?:s|ing)?\\s*[.:]*[-=* ]*(?:> .*)?$");
    private static final Pattern RULED =
            Pattern.compile(
                    "^[-=*_ ]{2,}\\s*(?:begin |start of )?(?:the )?(?:original|returned|undelivered|unsent|forwarded|failed|rejected) (?:message|mail)\\b");
    private static final Pattern TITLED =
            Pattern.compile(
                    "^(?:original|returned|undelivered) (?:message|mail)\\s*(?:header|text)?s?:?$");
    private static final Pattern TRACE =
            Pattern.compile(
                    "^>? ?(?:received|return-path|x-originating-ip|dkim-signature|domainkey-signature|message-id|x-received|delivered-to):",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern OF_MESSAGE =
            Pattern.compile(
                    "^>? ?(?:received|return-path|from|to|subject|date|message-id|mime-version|content-type|x-[a-z-]{1,40}|content-transfer-encoding|delivered-to)\\s*:",
                    Pattern.CASE_INSENSITIVE);

    private ReturnedText() {}

    /** The first line of the returned mail or of the mark before it, or the number of lines. */
    static int begins(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.length() < 120 && !line.isBlank() && isMark(Ascii.lower(line.strip()))) {
                return i;
            }
            if (TRACE.matcher(line).find() && headerFollows(lines, i)) {
                return i;
            }
        }
        return lines.size();
    }

    private static boolean isMark(String line) {
        return COPY.matcher(line).find()
                || FOLLOWS.matcher(line).find()
                || TITLED.matcher(line).find()
                || RULED.matcher(line).find();
    }

    private static boolean headerFollows(List<String> lines, int at) {
        int fields = 0;
        for (int i = at + 1; i < lines.size() && i <= at + 12 && !lines.get(i).isBlank(); i++) {
            if (OF_MESSAGE.matcher(lines.get(i)).find()) {
                fields++;
            }
        }
        return fields >= 2 || at + 1 >= lines.size() - 1;
    }
}
