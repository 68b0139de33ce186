package posthaste.outbound.failure;

/** How far a session with a host had come. */
public enum Stage {
    CONNECT("connecting"),
    GREETING("waiting for the greeting"),
    EHLO("saying EHLO"),
    STARTTLS("beginning TLS"),
    MAIL("sending MAIL FROM"),
    RCPT("sending RCPT TO"),
    DATA("sending DATA"),
    MESSAGE("sending the message"),
    DOT("waiting for the reply to the final dot");

    private final String words;

    Stage(String words) {
        this.words = words;
    }

    /** As it reads in a sentence. */
    @Override
    public String toString() {
        return words;
    }
}
