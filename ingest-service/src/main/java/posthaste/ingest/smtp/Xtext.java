package posthaste.ingest.smtp;

/** The encoding of RFC 3461 section 4: {@code +3D} for {@code =}. */
final class Xtext {
    private Xtext() {}

    /**
     * Decodes.
     *
     * @param what names the parameter in the reply
     * @throws BadCommandException also when what comes out is not printable: it goes into headers
     *     of notifications
     */
    static String decode(String encoded, String what) throws BadCommandException {
        StringBuilder out = new StringBuilder(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '+') {
                c = decodeHex(encoded, i + 1, what);
                i += 2;
            }
            if (c < ' ' || c > '~') {
                throw BadCommandException.badArgument(
                        what + " holds a character that is not allowed");
            }
            out.append(c);
        }
        return out.toString();
    }

    private static char decodeHex(String encoded, int from, String what)
            throws BadCommandException {
        int value = 0;
        for (int i = from; i < from + 2; i++) {
            int digit = i < encoded.length() ? "0123456789ABCDEF".indexOf(encoded.charAt(i)) : -1;
            if (digit < 0) {
                throw BadCommandException.badArgument(what + " is not xtext");
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }
}
