package posthaste.outbound.smtp;

import java.time.Duration;

/**
 * The time that one attempt has left.
 *
 * @param beforeDot the moment of {@link System#nanoTime} by which the final dot has to be sent
 * @param step what each step may take of it
 * @param afterDot what the reply to the final dot may take
 */
public record StepTimes(long beforeDot, Duration step, Duration afterDot) {

    /** The moment by which the step that begins now has to end. */
    long endOfStep() {
        return System.nanoTime() + Math.min(step.toNanos(), left());
    }

    /**
     * The moment by which a step has to end that leaves as much time again for another way: TLS
     * before the retry in clear.
     */
    long endOfHalfStep() {
        return System.nanoTime() + Math.min(step.toNanos(), left() / 2);
    }

    long endOfWaitAfterDot() {
        return System.nanoTime() + afterDot.toNanos();
    }

    /** The same for a final dot that decides nothing. */
    StepTimes withoutWaitAfterDot() {
        return new StepTimes(beforeDot, step, Duration.ofNanos(Math.min(step.toNanos(), left())));
    }

    /** Nanoseconds left for the steps before the dot; not negative. */
    public long left() {
        return Math.max(0, beforeDot - System.nanoTime());
    }

    /** The same with less time before the dot. */
    public StepTimes within(long nanos) {
        return new StepTimes(System.nanoTime() + Math.min(nanos, left()), step, afterDot);
    }
}
