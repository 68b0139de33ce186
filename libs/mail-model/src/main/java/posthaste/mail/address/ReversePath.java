package posthaste.mail.address;

/** Where notifications go: an address, or nowhere (RFC 5321 section 4.1.1.2). */
public sealed interface ReversePath {

    /** {@code <>}: nobody is to be told (RFC 5321 section 4.5.5). */
    record Null() implements ReversePath {
        @Override
        public String toString() {
            return "";
        }
    }

    /** {@code <local@domain>}. */
    record From(EmailAddress address) implements ReversePath {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    ReversePath NULL = new Null();

    /**
     * Reads what stood between the angle brackets.
     *
     * @param path empty for the null reverse-path
     */
    static ReversePath parse(String path) throws InvalidAddressException {
        return path.isEmpty() ? NULL : new From(EmailAddress.parse(path));
    }

    /** The address as it stands between the angle brackets; empty for the null reverse-path. */
    @Override
    String toString();
}
