package posthaste.ingest.smtp;

import posthaste.mail.address.Domains;
import posthaste.mail.address.InvalidAddressException;

/**
 * What follows {@code FROM:} or {@code TO:}: a path in brackets, then parameters (RFC 5321 section
 * 4.1.2).
 *
 * @param path what stands between the brackets, without a source route; not parsed further
 * @param parameters the rest, without the space before it
 */
record PathArgument(String path, String parameters) {

    /**
     * Takes an argument apart.
     *
     * @param badPath the enhanced status code for a path that is none: that of the sender's or of
     *     the destination's address syntax
     */
    static PathArgument parse(String text, String badPath) throws BadCommandException {
        String argument = text.stripLeading();
        if (!argument.startsWith("<")) {
            throw new BadCommandException("501 " + badPath + " the address must stand in <>");
        }
        int end = closingBracket(argument);
        if (end < 0) {
            throw new BadCommandException("501 " + badPath + " the address has no closing >");
        }
        String rest = argument.substring(end + 1);
        if (!rest.isBlank() && !rest.startsWith(" ")) {
            throw new BadCommandException("501 " + badPath + " a space must follow the address");
        }
        return new PathArgument(
                withoutSourceRoute(argument.substring(1, end), badPath), rest.strip());
    }

    /** The first {@code >} that is not within a quoted string. */
    private static int closingBracket(String argument) {
        boolean quoted = false;
        for (int i = 1; i < argument.length(); i++) {
            char c = argument.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '>' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    /** {@code @a,@b:user@x} means user@x (RFC 5321 section 4.1.1.3, appendix C). */
    private static String withoutSourceRoute(String path, String badPath)
            throws BadCommandException {
        if (!path.startsWith("@")) {
            return path;
        }
        int colon = path.indexOf(':');
        if (colon < 0) {
            throw new BadCommandException("501 " + badPath + " the source route has no end");
        }
        for (String hop : path.substring(0, colon).split(",", -1)) {
            try {
                if (!hop.startsWith("@")) {
                    throw new InvalidAddressException("a hop of the source route has no @");
                }
                Domains.check(hop.substring(1));
            } catch (InvalidAddressException e) {
                throw new BadCommandException("501 " + badPath + " " + e.getMessage());
            }
        }
        if (colon == path.length() - 1) {
            // Else it would pass for the null reverse-path, which no route leads to.
            throw new BadCommandException("501 " + badPath + " no address follows the route");
        }
        return path.substring(colon + 1);
    }
}
