package posthaste.testing;

/** Where a {@link ScriptedSmtpPeer} gives an answer. */
public enum Step {
    /** The greeting. */
    CONNECT,
    EHLO,
    HELO,
    STARTTLS,
    MAIL,
    RCPT,
    DATA,
    /** The final dot. */
    DOT,
    RSET,
    NOOP,
    QUIT,
    /** Any other command. */
    OTHER;

    static Step of(String verb) {
        return switch (verb) {
            case "EHLO" -> EHLO;
            case "HELO" -> HELO;
            case "STARTTLS" -> STARTTLS;
            case "MAIL" -> MAIL;
            case "RCPT" -> RCPT;
            case "DATA" -> DATA;
            case "RSET" -> RSET;
            case "NOOP" -> NOOP;
            case "QUIT" -> QUIT;
            default -> OTHER;
        };
    }
}
