package posthaste.bounce.inbound.parse;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Encoded words in a field (RFC 2047). */
final class EncodedWords {
    private static final Pattern WORD =
            Pattern.compile("=\\?([^?\\s]{1,60})\\?([BbQq])\\?([^?\\s]*)\\?=(?:\\s+(?==\\?))?");

    private EncodedWords() {}

    static String decode(String field) {
        if (!field.contains("=?")) {
            return field;
        }
        return WORD.matcher(field)
                .replaceAll(word -> {
                    byte[] in = word.group(3).getBytes(StandardCharsets.ISO_8859_1);
                    byte[] out =
                            word.group(2).equalsIgnoreCase("b")
                                    ? TransferEncoding.base64(in)
                                    : TransferEncoding.quotedPrintable(
                                            word.group(3)
                                                    .replace('_', ' ')
                                                    .getBytes(StandardCharsets.ISO_8859_1));
                    return Matcher.quoteReplacement(Charsets.decode(out, word.group(1)));
                });
    }
}
