package posthaste.ingest.auth.sasl;

/** {@code authzid NUL authcid NUL password} (RFC 4616). */
final class Plain implements Exchange {
    private final Judge judge;

    Plain(Judge judge) {
        this.judge = judge;
    }

    @Override
    public Step respond(byte[] response) {
        String[] parts = Utf8.decode(response).map(text -> text.split("\0", -1)).orElse(null);
        if (parts == null) {
            return new Step.Malformed("PLAIN is UTF-8");
        }
        if (parts.length != 3) {
            return new Step.Malformed("PLAIN is authzid, NUL, user, NUL, password");
        }
        if (parts[1].isEmpty() || parts[2].isEmpty()) {
            return new Step.Malformed("PLAIN has a user and a password");
        }
        return new Step.Judged(judge.password(parts[0], parts[1], parts[2]));
    }
}
