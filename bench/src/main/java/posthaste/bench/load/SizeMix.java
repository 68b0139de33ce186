package posthaste.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large messages are.
 *
 * @param parts each size with its weight
 */
public record SizeMix(List<Part> parts) {
    private static final Pattern PART =
            Pattern.compile("(?:(\\d{1,4})%:)?(\\d{1,9})(KiB|MiB|B|)", Pattern.CASE_INSENSITIVE);

    /** A header of ours alone has some hundred octets. */
    private static final long SMALLEST = 512;

    private static final long LARGEST = 1L << 30;

    /**
     * One size.
     *
     * @param weight of all weights together
     * @param octets of the whole message
     */
    public record Part(int weight, int octets) {}

    public SizeMix {
        parts = List.copyOf(parts);
    }

    /**
     * Reads {@code 10KiB} or {@code 70%:5KiB,25%:50KiB,4%:1MiB,1%:10MiB}.
     *
     * @throws IllegalArgumentException when it is neither, with a sentence
     */
    public static SizeMix parse(String text) {
        List<Part> parts = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher matcher = PART.matcher(part.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "'" + part + "' is no size: 10KiB, or 70%:5KiB,30%:1MiB");
            }
            int weight = matcher.group(1) == null ? 1 : Integer.parseInt(matcher.group(1));
            long octets =
                    Long.parseLong(matcher.group(2))
                            * switch (matcher.group(3).toLowerCase(Locale.ROOT)) {
                                case "kib" -> 1024L;
                                case "mib" -> 1024L * 1024;
                                default -> 1L;
                            };
            if (octets < SMALLEST || octets > LARGEST || weight == 0) {
                throw new IllegalArgumentException(
                        "'" + part + "' must be of " + SMALLEST + " octets to 1024MiB, above 0%");
            }
            parts.add(new Part(weight, Math.toIntExact(octets)));
        }
        return new SizeMix(parts);
    }

    /** Draws the index of a part by weight. */
    int draw(SplittableRandom random) {
        if (parts.size() == 1) {
            return 0;
        }
        int left = random.nextInt(parts.stream().mapToInt(Part::weight).sum());
        int index = 0;
        while (left >= parts.get(index).weight()) {
            left -= parts.get(index).weight();
            index++;
        }
        return index;
    }
}
