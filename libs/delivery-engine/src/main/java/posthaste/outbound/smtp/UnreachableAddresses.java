package posthaste.outbound.smtp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import posthaste.outbound.routing.HostAddress;

/**
 * Addresses that gave no session a short while ago. They are tried after the others, so that a
 * domain whose first host is dead does not pay for it with each connection.
 */
public final class UnreachableAddresses {
    /** More are not remembered: some 10 MB. */
    private static final int MOST = 50_000;

    private final Duration memory;
    private final InstantSource clock;
    private final ConcurrentHashMap<HostAddress, Instant> since = new ConcurrentHashMap<>();

    /**
     * Remembers.
     *
     * @param memory for how long
     */
    public UnreachableAddresses(Duration memory, InstantSource clock) {
        this.memory = memory;
        this.clock = clock;
    }

    /** Whether it is to come after the others. */
    public boolean contains(HostAddress host) {
        Instant failed = since.get(host);
        return failed != null && isFresh(failed);
    }

    public void add(HostAddress host) {
        if (since.size() < MOST) {
            since.put(host, clock.instant());
        }
    }

    public void remove(HostAddress host) {
        if (!since.isEmpty()) {
            since.remove(host);
        }
    }

    /** Called at long intervals. */
    public void forgetTheOld() {
        since.values().removeIf(failed -> !isFresh(failed));
    }

    private boolean isFresh(Instant failed) {
        // A failure of the future is one of before the clock was put back.
        Duration age = Duration.between(failed, clock.instant());
        return !age.isNegative() && age.compareTo(memory) < 0;
    }
}
