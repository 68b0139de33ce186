package posthaste.bounce.rest;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A point in time as people write it; without a zone it is UTC. */
final class TimeParameter {
    static final String ALLOWED =
            "a time as 2026-11-22T08:30:00Z, 2026-11-22T08:30 (UTC) or 2026-11-22, or how long ago as"
                    + " 90s, 30m, 2h or 7d";

    private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhdw])");

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private TimeParameter() {}

    static Instant parse(String parameter, String text, Instant now)
            throws WrongParameterException {
        Matcher ago = AGO.matcher(text);
        try {
            Instant time = ago.matches() ? now.minus(duration(ago)) : absolute(text);
            if (!time.isBefore(Instant.EPOCH) && !time.isAfter(LAST)) {
                return time;
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw wrong(parameter, e);
        }
        throw new WrongParameterException(parameter, ALLOWED);
    }

    private static WrongParameterException wrong(String parameter, RuntimeException cause) {
        WrongParameterException wrong = new WrongParameterException(parameter, ALLOWED);
        wrong.initCause(cause);
        return wrong;
    }

    private static Duration duration(Matcher ago) {
        long number = Long.parseLong(ago.group(1));
        return switch (ago.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofDays(7 * number);
        };
    }

    private static Instant absolute(String text) {
        if (!text.contains("T")) {
            return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        // An unescaped + in a query means a space.
        String time = text.replace(' ', '+');
        int zone = Math.max(time.lastIndexOf('+'), time.lastIndexOf('-'));
        return time.endsWith("Z") || zone > time.indexOf('T')
                ? OffsetDateTime.parse(time).toInstant()
                : LocalDateTime.parse(time).toInstant(ZoneOffset.UTC);
    }
}
