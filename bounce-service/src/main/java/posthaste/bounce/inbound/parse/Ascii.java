package posthaste.bounce.inbound.parse;

import org.jspecify.annotations.Nullable;

/** Lower case of ASCII alone, so that places in both texts are the same. */
final class Ascii {
    private Ascii() {}

    static String lower(String text) {
        char @Nullable [] out = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                if (out == null) {
                    out = text.toCharArray();
                }
                out[i] = (char) (c + 32);
            }
        }
        return out == null ? text : new String(out);
    }
}
