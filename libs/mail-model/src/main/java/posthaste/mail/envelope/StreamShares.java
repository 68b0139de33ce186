package posthaste.mail.envelope;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What part of a capacity each stream has, relative to each other. The same shares hold wherever
 * streams meet: jobs in flight on the primary and in fallback, and turns at a destination.
 *
 * @param shares by stream; a stream that is not named has {@link #UNNAMED}
 */
public record StreamShares(Map<Stream, Integer> shares) {
    /** Of a stream of which nothing is said. */
    public static final int UNNAMED = 10;

    /** Transactional mail before all, and bulk never without. */
    public static final StreamShares USUAL =
            new StreamShares(
                    Map.of(Stream.TRANSACTIONAL, 60, new Stream("bulk"), 30, Stream.DSN, 10));

    public StreamShares {
        shares = Map.copyOf(shares);
        shares.forEach((stream, share) -> {
            if (share < 1) {
                throw new IllegalArgumentException("the share of " + stream + " is below 1");
            }
        });
    }

    /** The usual ones, but for these. */
    public static StreamShares usualBut(Map<Stream, Integer> others) {
        Map<Stream, Integer> all = new LinkedHashMap<>(USUAL.shares);
        all.putAll(others);
        return new StreamShares(all);
    }

    public int of(Stream stream) {
        return shares.getOrDefault(stream, UNNAMED);
    }

    /** Each stream's part of a capacity that these streams divide, at least one; in their order. */
    public Map<Stream, Integer> parts(List<Stream> streams, int capacity) {
        int all = streams.stream().mapToInt(this::of).sum();
        Map<Stream, Integer> parts = new LinkedHashMap<>();
        for (Stream stream : streams) {
            parts.put(stream, Math.max(1, (int) ((long) capacity * of(stream) / all)));
        }
        return Collections.unmodifiableMap(parts);
    }
}
