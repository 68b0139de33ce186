package posthaste.queue.control;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * A fact as a record: key {@code KIND:KEY}; value one octet of version, eight of expiry in ms since
 * 1970, the content.
 */
public final class FactCodec {
    private static final byte VERSION = 1;
    private static final int HEAD = 1 + Long.BYTES;

    private FactCodec() {}

    /** The record's key; the topic keeps the newest of each. */
    public static byte[] key(Fact fact) {
        return (fact.kind() + ":" + fact.key()).getBytes(StandardCharsets.UTF_8);
    }

    /** The record's value. */
    public static byte[] value(Fact fact) {
        byte[] content = fact.content();
        return ByteBuffer.allocate(HEAD + content.length)
                .put(VERSION)
                .putLong(fact.expires().toEpochMilli())
                .put(content)
                .array();
    }

    /** Reads a record; empty for what is no fact of a version that we know. */
    public static Optional<Fact> decode(byte[] key, byte[] value) {
        String name = new String(key, StandardCharsets.UTF_8);
        int colon = name.indexOf(':');
        if (colon < 0 || value.length < HEAD || value[0] != VERSION) {
            return Optional.empty();
        }
        try {
            ByteBuffer buffer = ByteBuffer.wrap(value, 1, value.length - 1);
            Instant expires = Instant.ofEpochMilli(buffer.getLong());
            byte[] content = new byte[buffer.remaining()];
            buffer.get(content);
            return Optional.of(
                    new Fact(
                            name.substring(0, colon), name.substring(colon + 1), content, expires));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
