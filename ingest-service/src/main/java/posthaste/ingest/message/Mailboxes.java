package posthaste.ingest.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;

/**
 * The addresses of a From, Sender, To or Cc field (RFC 5322 section 3.4). What may be read in two
 * ways is not read: two readers that disagree about who wrote a mail are what a forger looks for.
 */
public final class Mailboxes {
    private final String text;
    private final List<EmailAddress> found = new ArrayList<>();
    private int at;
    private boolean inGroup;

    private Mailboxes(String text) {
        this.text = text;
    }

    /**
     * Reads an address list, with display names, comments and groups.
     *
     * @param value unfolded
     * @return empty when it is none
     */
    public static Optional<List<EmailAddress>> parse(String value) {
        Mailboxes reading = new Mailboxes(value);
        try {
            reading.list();
            return Optional.of(List.copyOf(reading.found));
        } catch (InvalidAddressException e) {
            return Optional.empty();
        }
    }

    /** Of a header's From: exactly one field that names exactly one address. */
    public static Optional<EmailAddress> author(MessageHeader header) {
        List<HeaderField> from = header.all("From");
        return from.size() == 1
                ? parse(from.getFirst().value())
                        .filter(addresses -> addresses.size() == 1)
                        .map(List::getFirst)
                : Optional.empty();
    }

    private void list() throws InvalidAddressException {
        while (true) {
            skipBlanks();
            if (at == text.length()) {
                if (inGroup) {
                    throw new InvalidAddressException("a group does not end");
                }
                return;
            }
            // RFC 5322 section 4.4: old mail has empty elements.
            if (text.charAt(at) == ',') {
                at++;
            } else if (text.charAt(at) == ';' && inGroup) {
                at++;
                inGroup = false;
                endOfElement();
            } else {
                element();
            }
        }
    }

    /** A mailbox, or the name of a group with its colon. */
    private void element() throws InvalidAddressException {
        StringBuilder bare = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case '"' -> quoted(bare);
                case '(' -> comment();
                case '<' -> {
                    at++;
                    angle();
                    endOfElement();
                    return;
                }
                case ':' -> {
                    if (inGroup || bare.indexOf("@") >= 0) {
                        throw new InvalidAddressException("a colon where none may stand");
                    }
                    inGroup = true;
                    at++;
                    return;
                }
                case ',', ';' -> {
                    found.add(address(bare.toString()));
                    endOfElement();
                    return;
                }
                case '[' -> literal(bare);
                case '>', ')', ']', '\\' ->
                        throw new InvalidAddressException("a '" + c + "' where none may stand");
                default -> {
                    bare.append(c);
                    at++;
                }
            }
        }
        found.add(address(bare.toString()));
    }

    /** Behind {@code <}, up to behind {@code >}. */
    private void angle() throws InvalidAddressException {
        StringBuilder inside = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case '"' -> quoted(inside);
                case '(' -> comment();
                case '[' -> literal(inside);
                case '>' -> {
                    at++;
                    found.add(address(inside.toString()));
                    return;
                }
                case '<', ')', ']', '\\', ',', ';' ->
                        throw new InvalidAddressException("a '" + c + "' where none may stand");
                default -> {
                    inside.append(c);
                    at++;
                }
            }
        }
        throw new InvalidAddressException("an address does not end");
    }

    /** After a mailbox or a group: a comma, the end of the group, or nothing. */
    private void endOfElement() throws InvalidAddressException {
        skipBlanks();
        if (at == text.length()) {
            return;
        }
        char c = text.charAt(at);
        if (c == ',') {
            at++;
        } else if (c != ';' || !inGroup) {
            throw new InvalidAddressException("text behind an address");
        }
    }

    private void quoted(StringBuilder out) throws InvalidAddressException {
        int start = at++;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        if (at >= text.length()) {
            throw new InvalidAddressException("a quoted string does not end");
        }
        at++;
        out.append(text, start, at);
    }

    private void literal(StringBuilder out) throws InvalidAddressException {
        int close = text.indexOf(']', at);
        if (close < 0) {
            throw new InvalidAddressException("an address literal does not end");
        }
        out.append(text, at, close + 1);
        at = close + 1;
    }

    private void comment() throws InvalidAddressException {
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            at += c == '\\' ? 2 : 1;
            if (depth == 0) {
                return;
            }
        }
        throw new InvalidAddressException("a comment does not end");
    }

    private void skipBlanks() throws InvalidAddressException {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '(') {
                comment();
            } else if (c == ' ' || c == '\t') {
                at++;
            } else {
                return;
            }
        }
    }

    private static EmailAddress address(String text) throws InvalidAddressException {
        return EmailAddress.parse(text.strip());
    }
}
