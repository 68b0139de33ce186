package posthaste.ingest.policy.rate;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/**
 * What an instance says about an account.
 *
 * @param account its {@link Account#id}
 * @param instance that says so
 * @param spent by this instance, ever; only grows while the process lives
 * @param filled how much of the limit was used up at that time, by all, as far as this instance
 *     knew: for one that begins later
 * @param at by this instance's clock
 */
public record Usage(String account, String instance, long spent, long filled, Instant at) {
    private static final int OCTETS = 3 * Long.BYTES;

    /** What stands in a fact, whose key has the names. */
    public byte[] content() {
        return ByteBuffer.allocate(OCTETS)
                .putLong(spent)
                .putLong(filled)
                .putLong(at.toEpochMilli())
                .array();
    }

    /** Reads {@link #content}; empty when it is none. */
    public static Optional<Usage> read(String account, String instance, byte[] content) {
        if (content.length < OCTETS) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(content);
        long spent = in.getLong();
        long filled = in.getLong();
        Instant at = Instant.ofEpochMilli(in.getLong());
        return spent < 0 || filled < 0
                ? Optional.empty()
                : Optional.of(new Usage(account, instance, spent, filled, at));
    }
}
