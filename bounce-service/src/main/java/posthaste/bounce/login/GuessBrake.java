package posthaste.bounce.login;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Slows down who guesses passwords: after a few wrong ones from an address its next tries wait,
 * longer each time, up to two seconds. Who knows the password is let in all the same, and waits no
 * more at that address; the guesses at others' passwords from there still count.
 */
final class GuessBrake {
    private static final int FREE = 3;
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);

    /** Addresses that are remembered, and users at addresses. */
    private static final int REMEMBERED = 10_000;

    /** Of a name: no user's is longer, and what is sent may be of any length. */
    private static final int NAME_LIMIT = 101;

    private final InstantSource clock;
    private final Map<String, Guesses> ofAddresses = new Remembered<>();
    private final Map<UserAtAddress, Guesses> ofUsers = new Remembered<>();

    private record UserAtAddress(String address, String user) {}

    /** Wrong ones, since the last right one if there was any. */
    private record Guesses(int wrong, Instant last) {}

    /** Forgets what was not asked for longest. */
    private static final class Remembered<K> extends LinkedHashMap<K, Guesses> {
        private static final long serialVersionUID = 1;

        Remembered() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Guesses> eldest) {
            return size() > REMEMBERED;
        }
    }

    GuessBrake(InstantSource clock) {
        this.clock = clock;
    }

    /** How long a try from {@code address} to log in as {@code user} has to wait. */
    synchronized Duration delay(String address, String user) {
        Guesses own = valid(ofUsers.get(key(address, user)));
        if (own != null && own.wrong == 0) {
            return Duration.ZERO;
        }
        Guesses all = valid(ofAddresses.get(address));
        int wrong = Math.max(own == null ? 0 : own.wrong, all == null ? 0 : all.wrong);
        if (wrong < FREE) {
            return Duration.ZERO;
        }
        Duration delay = FIRST.multipliedBy(1L << Math.min(wrong - FREE, 10));
        return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    }

    synchronized void wrong(String address, String user) {
        Instant now = clock.instant();
        UserAtAddress key = key(address, user);
        Guesses own = valid(ofUsers.get(key));
        Guesses all = valid(ofAddresses.get(address));
        ofUsers.put(key, new Guesses(own == null ? 1 : own.wrong + 1, now));
        ofAddresses.put(address, new Guesses(all == null ? 1 : all.wrong + 1, now));
    }

    /** Forgives what this user got wrong there, and nothing else. */
    synchronized void right(String address, String user) {
        Guesses own = valid(ofUsers.put(key(address, user), new Guesses(0, clock.instant())));
        Guesses all = valid(ofAddresses.get(address));
        if (own != null && all != null) {
            ofAddresses.put(address, new Guesses(Math.max(0, all.wrong - own.wrong), all.last));
        }
    }

    private @Nullable Guesses valid(@Nullable Guesses known) {
        return known == null
                        || Duration.between(known.last, clock.instant()).compareTo(FORGIVEN_AFTER)
                                > 0
                ? null
                : known;
    }

    private static UserAtAddress key(String address, String user) {
        return new UserAtAddress(
                address, user.length() > NAME_LIMIT ? user.substring(0, NAME_LIMIT) : user);
    }
}
