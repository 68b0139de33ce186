package posthaste.queue.control;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Something small that all processes are to know. Of one kind and key the newest holds. */
public final class Fact {
    /** Octets of a key. */
    public static final int MAX_KEY = 512;

    /** Octets of what a fact says; it is a fact and no file. */
    public static final int MAX_CONTENT = 16 * 1024;

    private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    private final String kind;
    private final String key;
    private final byte[] content;
    private final Instant expires;

    /**
     * Makes a fact.
     *
     * @param kind whose fact it is: lower-case letters, digits and hyphens, at most 40
     * @param key at most {@link #MAX_KEY} octets of UTF-8. What each process has a say of its own
     *     about bears the process's name, so that nobody overwrites another's
     * @param content at most {@link #MAX_CONTENT} octets
     * @param expires after which nobody is told of it any more
     */
    public Fact(String kind, String key, byte[] content, Instant expires) {
        if (!KIND.matcher(kind).matches()) {
            throw new IllegalArgumentException("no kind of fact: " + kind);
        }
        if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY) {
            throw new IllegalArgumentException("the key of a fact is longer than " + MAX_KEY);
        }
        if (content.length > MAX_CONTENT) {
            throw new IllegalArgumentException("a fact is larger than " + MAX_CONTENT);
        }
        this.kind = kind;
        this.key = key;
        this.content = content.clone();
        this.expires = expires;
    }

    public String kind() {
        return kind;
    }

    public String key() {
        return key;
    }

    public byte[] content() {
        return content.clone();
    }

    public Instant expires() {
        return expires;
    }

    /** Whether it still holds. */
    public boolean holdsAt(Instant now) {
        return now.isBefore(expires);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fact fact
                && kind.equals(fact.kind)
                && key.equals(fact.key)
                && Arrays.equals(content, fact.content)
                && expires.equals(fact.expires);
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + key.hashCode();
    }

    /** Without its content, which may be nobody's business. */
    @Override
    public String toString() {
        return "Fact[%s, %s, %d octets, until %s]".formatted(kind, key, content.length, expires);
    }
}
