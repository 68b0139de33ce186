package posthaste.ingest.smtp;

/** What the client sent as a command line. */
sealed interface Line {

    /** A line as it has to be, without its CRLF. */
    record Command(String text) implements Line {}

    /** A line that is no command. */
    enum Flaw implements Line {
        /** Longer than it may be; it was skipped to its end. */
        TOO_LONG,
        /** So long that its end was not awaited. */
        ENDLESS,
        /** A CR or LF stood alone: the client and we may not agree on where a line ends. */
        BARE_CR_OR_LF,
        NOT_UTF8,
        /** Begins as BDAT does, and is too long or not UTF-8: how many octets follow is unknown. */
        UNREADABLE_BDAT,
        /** The first octets of a TLS handshake. */
        TLS_HANDSHAKE,
        /** The client has closed. */
        END_OF_INPUT
    }
}
