package posthaste.bounce.login;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down who guesses passwords: after a few wrong ones from an address its next tries wait,
 * longer each time, up to two seconds. Who knows the password is let in all the same.
 */
final class GuessBrake {
    private static final int FREE = 3;
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);
    private static final int ADDRESSES = 10_000;

    private final InstantSource clock;
    private final Map<String, Guesses> guesses =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Guesses> eldest) {
                    return size() > ADDRESSES;
                }
            };

    private record Guesses(int wrong, Instant last) {}

    GuessBrake(InstantSource clock) {
        this.clock = clock;
    }

    /** How long a try from {@code address} has to wait. */
    synchronized Duration delay(String address) {
        Guesses known = guesses.get(address);
        if (known == null || isForgiven(known) || known.wrong < FREE) {
            return Duration.ZERO;
        }
        Duration delay = FIRST.multipliedBy(1L << Math.min(known.wrong - FREE, 10));
        return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    }

    synchronized void wrong(String address) {
        Guesses known = guesses.get(address);
        int before = known == null || isForgiven(known) ? 0 : known.wrong;
        guesses.put(address, new Guesses(before + 1, clock.instant()));
    }

    synchronized void right(String address) {
        guesses.remove(address);
    }

    private boolean isForgiven(Guesses known) {
        return Duration.between(known.last, clock.instant()).compareTo(FORGIVEN_AFTER) > 0;
    }
}
