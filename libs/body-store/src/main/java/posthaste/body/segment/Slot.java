package posthaste.body.segment;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;

/**
 * The span of time in which a segment's bodies were stored; what is garbage goes by slots.
 *
 * @param start in whole seconds
 */
public record Slot(Instant start) implements Comparable<Slot> {
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss")
                    .withResolverStyle(ResolverStyle.STRICT);

    /** The slot, of slots this long, that {@code now} belongs to. */
    public static Slot of(Instant now, Duration length) {
        long millis = length.toMillis();
        return new Slot(Instant.ofEpochMilli(Math.floorDiv(now.toEpochMilli(), millis) * millis));
    }

    /**
     * Reads {@link #name}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Slot parse(String name) {
        try {
            return new Slot(LocalDateTime.parse(name, FORM).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a slot: " + name, e);
        }
    }

    /** Whether, of slots this long, another one has begun by {@code now}. */
    public boolean isPast(Instant now, Duration length) {
        return !now.isBefore(start.plus(length));
    }

    /** In UTC, like {@code 20261122T081000}; names sort by time. */
    public String name() {
        return FORM.format(start.atOffset(ZoneOffset.UTC));
    }

    @Override
    public int compareTo(Slot other) {
        return start.compareTo(other.start);
    }
}
