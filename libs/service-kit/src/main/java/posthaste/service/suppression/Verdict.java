package posthaste.service.suppression;

import java.time.Instant;
import java.util.Optional;

/**
 * What memory has of an entry, in 64 bits: class (3), whether it is in force (1), count up to 31
 * (5), since and expiry in minutes since 2020 (27 and 28; an expiry of 0 is none).
 */
record Verdict(
        SuppressionClass suppressionClass,
        boolean inForce,
        int count,
        Instant since,
        Optional<Instant> expires) {
    private static final long BEGIN = Instant.parse("2020-01-01T00:00:00Z").getEpochSecond();
    private static final int MINUTE = 60;
    private static final int MOST = 31;
    private static final long LAST_SINCE = (1L << 27) - 1;
    private static final long LAST_EXPIRY = (1L << 28) - 1;

    static Verdict of(Suppression entry) {
        return new Verdict(
                entry.suppressionClass(),
                entry.inForce(),
                entry.count(),
                entry.since(),
                entry.expires());
    }

    /** Never 0, since the class is counted from 1. An expiry is rounded up: never lifted early. */
    long packed() {
        long sinceMinutes = Math.clamp((since.getEpochSecond() - BEGIN) / MINUTE, 0, LAST_SINCE);
        long expiryMinutes =
                expires.map(at ->
                                Math.clamp(
                                        Math.ceilDiv(at.getEpochSecond() - BEGIN, MINUTE),
                                        1,
                                        LAST_EXPIRY))
                        .orElse(0L);
        return (long) suppressionClass.code() << 61
                | (inForce ? 1L : 0L) << 60
                | (long) Math.clamp(count, 1, MOST) << 55
                | sinceMinutes << 28
                | expiryMinutes;
    }

    static Verdict unpacked(long packed) {
        long expiry = packed & LAST_EXPIRY;
        return new Verdict(
                SuppressionClass.ofCode((int) (packed >>> 61)).orElseThrow(),
                (packed >>> 60 & 1) != 0,
                (int) (packed >>> 55 & MOST),
                minute(packed >>> 28 & LAST_SINCE),
                expiry == 0 ? Optional.empty() : Optional.of(minute(expiry)));
    }

    static boolean isExpired(long packed, Instant now) {
        long expiry = packed & LAST_EXPIRY;
        return expiry != 0 && now.getEpochSecond() >= BEGIN + expiry * MINUTE;
    }

    private static Instant minute(long number) {
        return Instant.ofEpochSecond(BEGIN + number * MINUTE);
    }
}
