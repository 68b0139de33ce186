package posthaste.ingest.smtp;

/** What a {@link Conversation} wants done. */
sealed interface Answer {

    /**
     * Say something and go on.
     *
     * @param reply without its last CRLF; may have several lines
     */
    record Say(String reply) implements Answer {}

    /**
     * Refuse DATA before a {@code 354}. A client that has sent more already does not wait for it,
     * and what it has sent may be the message: then close.
     */
    record RefuseMessage(String reply) implements Answer {}

    /** Say {@code 220} and shake hands for TLS. */
    record StartTls() implements Answer {}

    /**
     * Go on for the client that a mail proxy speaks for, if there may be one session more of it.
     */
    record SpeakFor(Xclient client) implements Answer {}

    /** Say something and close. */
    record SayGoodBye(String reply) implements Answer {}

    /** Close without a word. */
    record Leave() implements Answer {}

    /** Say {@code 354} and read the message of this mail. */
    record ReceiveMessage(Transaction transaction) implements Answer {}

    /**
     * Read so many octets, a chunk of the message of this mail.
     *
     * @param isLast whether the message ends with them
     */
    record ReceiveChunk(Transaction transaction, long octets, boolean isLast) implements Answer {}

    /** Read so many octets, a chunk of no mail, and drop them before the reply. */
    record SkipChunk(long octets, String reply) implements Answer {}
}
