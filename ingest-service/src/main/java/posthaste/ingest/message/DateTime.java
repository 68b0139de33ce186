package posthaste.ingest.message;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The date-time of RFC 5322 section 3.3, in UTC. */
public final class DateTime {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss '+0000'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private DateTime() {}

    public static String of(Instant time) {
        return FORMAT.format(time);
    }
}
