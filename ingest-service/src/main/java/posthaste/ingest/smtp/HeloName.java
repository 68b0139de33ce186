package posthaste.ingest.smtp;

/** What a client calls itself, made fit for header fields, logs and pages. */
final class HeloName {
    private static final int LIMIT = 255;

    private HeloName() {}

    /** Every character that neither a domain nor an address literal has becomes a {@code ?}. */
    static String harmless(String given) {
        StringBuilder out = new StringBuilder(Math.min(given.length(), LIMIT));
        for (int i = 0; i < given.length() && i < LIMIT; i++) {
            char c = given.charAt(i);
            boolean harmless =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || ".-_:[]".indexOf(c) >= 0;
            out.append(harmless ? c : '?');
        }
        return out.toString();
    }
}
