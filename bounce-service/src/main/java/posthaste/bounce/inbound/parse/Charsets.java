package posthaste.bounce.inbound.parse;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;

/** Bytes to text, whatever charset was named. */
final class Charsets {
    private static final Charset WESTERN = Charset.forName("windows-1252");

    private Charsets() {}

    static String decode(byte[] bytes, String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT);
        if (!plain.isEmpty() && !plain.equals("us-ascii") && !plain.contains("utf-8")) {
            try {
                Charset charset = Charset.forName(plain);
                // UTF-16 of a text that is plainly not: one more way to hide words.
                if (!plain.startsWith("utf-16") && !plain.startsWith("utf-32")) {
                    return new String(bytes, charset);
                }
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                return utf8OrWestern(bytes);
            }
        }
        return utf8OrWestern(bytes);
    }

    static String utf8OrWestern(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, WESTERN);
        }
    }
}
