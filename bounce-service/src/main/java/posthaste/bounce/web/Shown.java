package posthaste.bounce.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import posthaste.mail.text.VisibleText;

/** How values look on the page: for people, and inert whatever is in them. */
public final class Shown {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter EXACT_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB"};

    private final Instant now;

    /** For a page made at {@code now}. */
    Shown(Instant now) {
        this.now = now;
    }

    /**
     * A text that others wrote: what cannot be seen, or would turn the direction of writing, shows
     * as a replacement character. (Thymeleaf takes care of markup.)
     */
    public String text(String text) {
        return VisibleText.of(text);
    }

    /** In UTC, to the second. */
    public String time(Instant time) {
        return TIME.format(time);
    }

    /** In UTC, to the millisecond: much happens to a mail within its first second. */
    public String exactTime(Instant time) {
        return EXACT_TIME.format(time);
    }

    /** As {@code 3 minutes ago} or {@code in 2 hours}. */
    public String distance(Instant time) {
        Duration distance = Duration.between(time, now);
        return distance.isNegative()
                ? "in " + length(distance.negated())
                : distance.toSeconds() < 1 ? "just now" : length(distance) + " ago";
    }

    /** As {@code 4 hours}, or {@code 85 ms} below a second. */
    public String length(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 1) {
            return duration.toMillis() + " ms";
        }
        if (seconds < 120) {
            return plural(seconds, "second");
        }
        if (seconds < 7200) {
            return plural(seconds / 60, "minute");
        }
        if (seconds < 172_800) {
            return plural(seconds / 3600, "hour");
        }
        return plural(seconds / 86_400, "day");
    }

    public String millis(long millis) {
        return millis < 1000
                ? millis + " ms"
                : String.format(Locale.ROOT, "%.1f seconds", millis / 1000.0);
    }

    /** With thousands apart. */
    public String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    public String size(long bytes) {
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < UNITS.length - 1) {
            size /= 1024;
            unit++;
        }
        return unit == 0
                ? count(bytes) + " bytes"
                : String.format(Locale.ROOT, "%.1f %s", size, UNITS[unit]);
    }

    /** A name in capitals as words: {@code MAILBOX_FULL} as {@code mailbox full}. */
    public String words(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** An event's or recipient's state, in words. */
    public String state(String state) {
        return state.equals("delay_warned") ? "notified" : state;
    }

    /** A topic, as people call it. */
    public String queueName(String topic) {
        String rest = topic.startsWith("mail.") ? topic.substring("mail.".length()) : topic;
        int dot = rest.indexOf('.');
        String kind = dot < 0 ? rest : rest.substring(0, dot);
        String which = dot < 0 ? "" : rest.substring(dot + 1).replace('.', ' ');
        return switch (kind) {
            case "outbound" -> "first attempt, " + which;
            case "deferred" -> "retry after " + which;
            case "bounce" -> "bounce to be written";
            case "dead-letter" -> "dead letters";
            default -> text(rest.replace('.', ' ').replace('-', ' '));
        };
    }

    /** A figure of a chart, as short as it can be. */
    public String figure(double value) {
        return value == Math.rint(value)
                ? count((long) value)
                : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }

    private static String plural(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
