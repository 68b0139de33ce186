package posthaste.fallback.janitor;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time that has certainly come, for one who deletes by age: neither a clock of this machine that
 * is ahead nor one of a broker that is ahead makes it late. The broker's side is the newest record
 * that was ever seen, plus the time that has passed here since, as no wall clock measures it; so it
 * goes on while no mail comes, and is too early at worst.
 */
final class BrokerClock {
    private @Nullable Instant atZero;

    /**
     * Notes the time of a record.
     *
     * @param nanoTime as of {@link System#nanoTime} when it was seen
     */
    void saw(Instant newest, long nanoTime) {
        Instant zero = newest.minusNanos(nanoTime);
        if (atZero == null || zero.isAfter(atZero)) {
            atZero = zero;
        }
    }

    /**
     * The time.
     *
     * @param local what this machine's clock says; the only one to go by while no record was seen
     */
    Instant certain(Instant local, long nanoTime) {
        if (atZero == null) {
            return local;
        }
        Instant broker = atZero.plusNanos(nanoTime);
        return broker.isBefore(local) ? broker : local;
    }
}
