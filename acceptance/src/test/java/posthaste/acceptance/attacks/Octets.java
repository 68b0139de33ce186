package posthaste.acceptance.attacks;

/** Octets as a reader sees them. */
final class Octets {
    private Octets() {}

    /** {@code \r\n}, {@code \x00} and the like in place of what is not printable. */
    static String visible(String octets) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            switch (c) {
                case '\r' -> out.append("\\r");
                case '\n' -> out.append("\\n");
                default ->
                        out.append(
                                c >= ' ' && c <= '~'
                                        ? String.valueOf(c)
                                        : "\\x%02x".formatted((int) c));
            }
        }
        return out.toString();
    }
}
