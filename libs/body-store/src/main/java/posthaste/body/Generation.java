package posthaste.body;

import java.util.regex.Pattern;

/**
 * The first part of a body's key: how long it may be needed, and by which topics (DESIGN 5).
 *
 * @param name {@code primary}, {@code deferred}, {@code hold/example.org}, ...
 */
public record Generation(String name) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]+(?:[./-][a-z0-9]+)*");

    /** Fresh mail: needed for minutes. */
    public static final Generation PRIMARY = new Generation("primary");

    /** Mail on the long delay tiers: needed for at most the queue lifetime. */
    public static final Generation DEFERRED = new Generation("deferred");

    /** Bodies of dead letters: needed until an operator has looked. */
    public static final Generation DEAD_LETTER = new Generation("dead-letter");

    /** Bodies of what is set aside: needed until an operator has decided, or its time is over. */
    public static final Generation QUARANTINE = new Generation("quarantine");

    public Generation {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException("not a generation: " + name);
        }
    }
}
