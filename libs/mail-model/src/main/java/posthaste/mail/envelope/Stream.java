package posthaste.mail.envelope;

import java.util.regex.Pattern;

/**
 * A kind of traffic with topics and a share of the capacity of its own: {@code transactional},
 * {@code bulk}, ...
 */
public record Stream(String name) {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    /** Ordinary mail: what somebody waits for. */
    public static final Stream TRANSACTIONAL = new Stream("transactional");

    /** Our own notifications. */
    public static final Stream DSN = new Stream("dsn");

    /**
     * What comes back to us; never sent on as it is, so no topic of outbound mail is called this.
     */
    public static final Stream INBOUND = new Stream("inbound");

    public Stream {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a stream is named by 1 to 32 of a-z, 0-9 and -, beginning with a letter, not: "
                            + name);
        }
    }

    /** Whether a stream may be called this. */
    public static boolean isName(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public String toString() {
        return name;
    }
}
