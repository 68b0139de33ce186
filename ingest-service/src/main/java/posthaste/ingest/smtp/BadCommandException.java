package posthaste.ingest.smtp;

/** A command that cannot be carried out, with the reply that says why. */
final class BadCommandException extends Exception {

    /**
     * Without a stack trace: it is the client's error.
     *
     * @param reply with its codes
     */
    BadCommandException(String reply) {
        super(reply, null, false, false);
    }

    /** An argument is not what the RFCs allow. */
    static BadCommandException badArgument(String why) {
        return new BadCommandException("501 5.5.4 " + why);
    }

    String reply() {
        return String.valueOf(getMessage());
    }
}
