package posthaste.ingest.smtp;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * For whom a mail proxy speaks (Postfix's XCLIENT_README).
 *
 * @param address empty when it says nothing of it
 * @param helo the same
 * @param login the same; a name that is {@code [UNAVAILABLE]} is none
 */
record Xclient(Optional<InetAddress> address, Optional<String> helo, Optional<String> login) {
    /** In the reply to EHLO. */
    static final String KEYWORD = "XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT";

    /** Known to the proxy to be unknown; in no network that anybody would trust. */
    private static final InetAddress NOBODY = InetAddress.ofLiteral("0.0.0.0");

    private static final String UNAVAILABLE = "[UNAVAILABLE]";
    private static final String TEMPORARILY = "[TEMPUNAVAIL]";
    private static final String IPV6 = "IPV6:";
    private static final Pattern DOTTED_QUAD = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}");
    private static final Pattern IPV6_LITERAL = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");
    private static final int NAME_LIMIT = 255;

    static Xclient parse(String argument) throws BadCommandException {
        if (argument.isEmpty()) {
            throw BadCommandException.badArgument("XCLIENT needs NAME=VALUE");
        }
        Optional<InetAddress> address = Optional.empty();
        Optional<String> helo = Optional.empty();
        Optional<String> login = Optional.empty();
        Set<String> seen = new HashSet<>();
        for (String attribute : argument.split(" +", -1)) {
            int equals = attribute.indexOf('=');
            String name = attribute.substring(0, Math.max(0, equals)).toUpperCase(Locale.ROOT);
            if (equals < 0 || !seen.add(name)) {
                throw BadCommandException.badArgument("XCLIENT is NAME=VALUE, each name once");
            }
            Optional<String> value = value(attribute.substring(equals + 1), name);
            switch (name) {
                case "ADDR" -> address = Optional.of(address(value));
                case "HELO" -> helo = value.map(HeloName::harmless);
                case "LOGIN" -> login = value.filter(given -> !given.isEmpty());
                case "DESTADDR" -> address(value);
                case "PORT", "DESTPORT" ->
                        require(value.isEmpty() || PORT.matcher(value.get()).matches(), name);
                case "PROTO" ->
                        require(
                                value.isEmpty()
                                        || value.get().equalsIgnoreCase("SMTP")
                                        || value.get().equalsIgnoreCase("ESMTP"),
                                name);
                case "NAME" -> {}
                default -> throw BadCommandException.badArgument("an attribute is not known");
            }
        }
        return new Xclient(address, helo, login);
    }

    private static Optional<String> value(String encoded, String name) throws BadCommandException {
        if (encoded.equalsIgnoreCase(UNAVAILABLE) || encoded.equalsIgnoreCase(TEMPORARILY)) {
            return Optional.empty();
        }
        String value = Xtext.decode(encoded, "XCLIENT");
        require(value.length() <= NAME_LIMIT, name);
        return Optional.of(value);
    }

    private static InetAddress address(Optional<String> value) throws BadCommandException {
        if (value.isEmpty()) {
            return NOBODY;
        }
        String text = value.get();
        boolean is6 = text.regionMatches(true, 0, IPV6, 0, IPV6.length());
        String literal = is6 ? text.substring(IPV6.length()) : text;
        try {
            require((is6 ? IPV6_LITERAL : DOTTED_QUAD).matcher(literal).matches(), "ADDR");
            return InetAddress.ofLiteral(literal);
        } catch (IllegalArgumentException e) {
            throw BadCommandException.badArgument("the value of ADDR is no address");
        }
    }

    private static void require(boolean isRight, String name) throws BadCommandException {
        if (!isRight) {
            throw BadCommandException.badArgument("the value of " + name + " is wrong");
        }
    }
}
