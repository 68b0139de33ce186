package posthaste.service.settings;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Function;
import org.springframework.util.unit.DataSize;

/**
 * Checks of the components of a properties record: what fails is told with property, value and what
 * is allowed.
 */
public final class Setting {

    private Setting() {}

    /**
     * Refuses a value unless it is {@code allowed}.
     *
     * @param component the property's name below its prefix, as {@code in-flight}
     * @param what is allowed, as it ends the sentence "must be ..."
     * @throws SettingException that says so
     */
    public static void require(String component, Object value, boolean allowed, String what) {
        if (!allowed) {
            throw wrong(component, value, what);
        }
    }

    /** Refuses a number, duration or size outside both limits, which are allowed themselves. */
    public static <C extends Comparable<C>> void between(
            String component, C value, C lowest, C highest) {
        require(
                component,
                value,
                value.compareTo(lowest) >= 0 && value.compareTo(highest) <= 0,
                "from " + show(lowest) + " to " + show(highest));
    }

    /**
     * Reads a value that has a form of its own.
     *
     * @param reading throws {@link IllegalArgumentException} when the text is none
     * @param what is allowed, as it ends the sentence "must be ..."
     */
    public static <T> T read(
            String component, String text, Function<String, T> reading, String what) {
        try {
            return reading.apply(text);
        } catch (IllegalArgumentException e) {
            SettingException wrong = wrong(component, text, what);
            wrong.initCause(e);
            throw wrong;
        }
    }

    private static SettingException wrong(String component, Object value, String what) {
        return new SettingException(
                component,
                "is "
                        + (Secrets.isSecret(component) ? Secrets.HIDDEN : show(value))
                        + ", but must be "
                        + what
                        + ".");
    }

    /** A value as an operator would write it. */
    private static String show(Object value) {
        return switch (value) {
            case Duration duration -> show(duration);
            case DataSize size -> show(size);
            case Collection<?> many when many.isEmpty() -> "empty";
            case Collection<?> many -> String.join(",", many.stream().map(Setting::show).toList());
            case CharSequence text when text.isEmpty() -> "empty";
            case CharSequence text -> "'" + text + "'";
            default -> String.valueOf(value);
        };
    }

    private static String show(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        long millis = duration.toMillis();
        return millis % 86_400_000 == 0
                ? millis / 86_400_000 + "d"
                : millis % 3_600_000 == 0
                        ? millis / 3_600_000 + "h"
                        : millis % 60_000 == 0
                                ? millis / 60_000 + "m"
                                : millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    private static String show(DataSize size) {
        long bytes = size.toBytes();
        return bytes == 0
                ? "0B"
                : bytes % (1L << 30) == 0
                        ? (bytes >> 30) + "GB"
                        : bytes % (1L << 20) == 0
                                ? (bytes >> 20) + "MB"
                                : bytes % 1024 == 0 ? (bytes >> 10) + "KB" : bytes + "B";
    }
}
