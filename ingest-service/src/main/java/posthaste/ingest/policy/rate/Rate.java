package posthaste.ingest.policy.rate;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.util.unit.DataSize;

/**
 * So much in a time: the whole amount at once, and then as much as comes back, evenly over the
 * period. In no stretch of one period is more than twice the amount.
 *
 * @param amount at least 1
 * @param period from a second to 31 days
 */
public record Rate(long amount, Duration period) {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,12})([KMGT]?B)?/(\\d{0,4})([smhd])");
    private static final Duration LONGEST = Duration.ofDays(31);

    /** A terabyte in a month is a rate; more is no limit. */
    private static final long MOST = 1L << 40;

    public Rate {
        if (amount < 1 || amount > MOST) {
            throw new IllegalArgumentException("an amount must be from 1 to " + MOST);
        }
        if (period.compareTo(Duration.ofSeconds(1)) < 0 || period.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a period must be from 1s to 31d");
        }
        if (amount > period.toNanos()) {
            throw new IllegalArgumentException("a rate must be below one in a nanosecond");
        }
    }

    /**
     * Reads {@code 100/h}, {@code 10/5m}, or of octets {@code 2GB/d}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Rate parse(String text, Measure measure) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || (form.group(2) != null && measure != Measure.BYTES)) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' is no rate; write "
                            + (measure == Measure.BYTES
                                    ? "2GB/d or 100MB/10m"
                                    : "1000/h or 10/5m"));
        }
        long amount =
                form.group(2) == null
                        ? Long.parseLong(form.group(1))
                        : DataSize.parse(form.group(1) + form.group(2)).toBytes();
        long count = form.group(3).isEmpty() ? 1 : Long.parseLong(form.group(3));
        Duration unit =
                switch (form.group(4)) {
                    case "s" -> Duration.ofSeconds(1);
                    case "m" -> Duration.ofMinutes(1);
                    case "h" -> Duration.ofHours(1);
                    default -> Duration.ofDays(1);
                };
        return new Rate(amount, unit.multipliedBy(count));
    }

    /** As it could be written: {@code 100/3600s}. */
    @Override
    public String toString() {
        return amount + "/" + period.toSeconds() + "s";
    }
}
