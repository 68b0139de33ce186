package posthaste.queue.pace;

import java.util.random.RandomGenerator;

/**
 * Slows a consumer down while one of our own parts is away: nothing starts until a wait is over,
 * then one record a wait as a probe, until one comes through.
 *
 * <p>A thousand records that were in flight when the part went away count as one failure: only what
 * began after the last failure says something new. Times are those of {@link System#nanoTime}.
 */
public final class OutageBrake {
    private final Backoff backoff;
    private final RandomGenerator random;
    private int failures;
    private long era;
    private long notBefore;

    public OutageBrake(Backoff backoff, RandomGenerator random) {
        this.backoff = backoff;
        this.random = random;
    }

    /** Whether a record may start now. */
    public boolean mayStart(long now) {
        return failures == 0 || now - notBefore >= 0;
    }

    /**
     * Notes that one starts.
     *
     * @return what to give back with its result
     */
    public long start(long now) {
        if (failures > 0) {
            hold(now);
        }
        return era;
    }

    public void succeeded() {
        failures = 0;
    }

    public void failed(long startedIn, long now) {
        if (startedIn == era) {
            era++;
            failures++;
            hold(now);
        }
    }

    public boolean isOn() {
        return failures > 0;
    }

    private void hold(long now) {
        notBefore = now + backoff.after(failures, random).toNanos();
    }
}
