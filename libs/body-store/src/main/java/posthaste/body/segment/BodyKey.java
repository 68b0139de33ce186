package posthaste.body.segment;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import posthaste.body.Generation;

/**
 * The name of a segment: {@code <generation>/<slot>/<name>}.
 *
 * @param name random, and unique among all processes
 * @param place where among several places (folders, buckets) it was put
 */
public record BodyKey(Generation generation, Slot slot, String name, String place) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?<generation>.+)/(?<slot>[^/]+)/(?<name>[a-z0-9-]+)\\.(?<place>[a-z0-9]+)");

    /**
     * Reads {@link #toString}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static BodyKey parse(String key) {
        Matcher parts = FORM.matcher(key);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a key of a segment: " + key);
        }
        return new BodyKey(
                new Generation(parts.group("generation")),
                Slot.parse(parts.group("slot")),
                parts.group("name"),
                parts.group("place"));
    }

    /** The key as it is written into references. */
    @Override
    public String toString() {
        return generation.name() + '/' + slot.name() + '/' + name + '.' + place;
    }
}
