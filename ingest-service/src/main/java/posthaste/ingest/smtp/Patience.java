package posthaste.ingest.smtp;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import posthaste.ingest.policy.Haste;
import posthaste.ingest.smtp.ListenerSettings.Limits;

/**
 * How long we have been waiting for one client, and for what. The session's thread tells what it
 * does; the {@link Watchdog} asks whether it is too long. All times are {@link System#nanoTime}.
 */
final class Patience {
    /** What the session does. */
    private enum Step {
        /** Our own work, bounded by deadlines of its own. */
        WORKING,
        /** What comes before SMTP: a proxy's header, a TLS handshake. */
        SHAKING_HANDS,
        WAITING_BETWEEN_MAILS,
        WAITING_FOR_COMMAND,
        WAITING_FOR_MESSAGE,
        /** For the command between two chunks of a message. */
        WAITING_FOR_CHUNK,
        WRITING
    }

    /** What is to be done about it. */
    enum Verdict {
        WAIT_ON,
        /** The client keeps us waiting: end its input, so that it can still be told why. */
        END_INPUT,
        /** The client does not read what we write: there is no telling it. */
        ABORT
    }

    private static final double NANOS = 1e9;

    private final Limits limits;
    private final long sessionBegan;

    private volatile Step step = Step.WORKING;
    private volatile long handshakeBegan;
    private volatile long commandBegan;
    private volatile long writeBegan;
    private volatile long messageBegan;

    private volatile long readBegan;
    private final AtomicLong messageOctets = new AtomicLong();
    private final AtomicLong messageWait = new AtomicLong();

    Patience(Limits limits, long now) {
        this.limits = limits;
        this.sessionBegan = now;
    }

    void shakeHands() {
        handshakeBegan = System.nanoTime();
        step = Step.SHAKING_HANDS;
    }

    void commandBegins() {
        commandBegan = System.nanoTime();
    }

    void awaitCommand(boolean inTransaction) {
        step = inTransaction ? Step.WAITING_FOR_COMMAND : Step.WAITING_BETWEEN_MAILS;
    }

    /** The message is not whole: this wait counts as one for its octets does. */
    void awaitChunk() {
        readBegan = System.nanoTime();
        step = Step.WAITING_FOR_CHUNK;
    }

    void messageBegins() {
        messageOctets.set(0);
        messageWait.set(0);
        messageBegan = System.nanoTime();
    }

    void awaitMessage() {
        readBegan = System.nanoTime();
        step = Step.WAITING_FOR_MESSAGE;
    }

    /** Our own slowness between two reads is not the client's, so only waits are added up. */
    void messageOctetsCame(int octets) {
        step = Step.WORKING;
        messageWait.addAndGet(System.nanoTime() - readBegan);
        messageOctets.addAndGet(octets);
    }

    void work() {
        step = Step.WORKING;
    }

    void write() {
        writeBegan = System.nanoTime();
        step = Step.WRITING;
    }

    /** Whether nothing is lost when the session ends now. */
    boolean isBetweenMails() {
        return step == Step.WAITING_BETWEEN_MAILS;
    }

    /** Whether the session has lasted so long that it gets no further transaction. */
    boolean sessionIsOver(long now) {
        return now - sessionBegan > limits.sessionTimeout().toNanos();
    }

    /**
     * Judges the wait that is under way.
     *
     * @param haste where it is stricter than the listener's limits
     */
    Verdict verdict(long now, Optional<Haste> haste) {
        long commandTimeout =
                shorter(limits.commandTimeout(), haste.map(Haste::commandTimeout)).toNanos();
        return switch (step) {
            case WORKING -> Verdict.WAIT_ON;
            case SHAKING_HANDS ->
                    now - handshakeBegan > limits.handshakeTimeout().toNanos()
                            ? Verdict.ABORT
                            : Verdict.WAIT_ON;
            case WAITING_BETWEEN_MAILS, WAITING_FOR_COMMAND -> {
                long waited = now - commandBegan;
                yield waited > commandTimeout || sessionIsOver(now)
                        // Who has waited long when there is suddenly haste is told so, too.
                        ? endOrAbort(waited, limits.commandTimeout().toNanos())
                        : Verdict.WAIT_ON;
            }
            case WAITING_FOR_MESSAGE -> forMessage(now, haste, false);
            case WAITING_FOR_CHUNK -> forMessage(now, haste, now - commandBegan > commandTimeout);
            case WRITING -> now - writeBegan > commandTimeout ? Verdict.ABORT : Verdict.WAIT_ON;
        };
    }

    private Verdict forMessage(long now, Optional<Haste> haste, boolean isLate) {
        long waited = now - messageBegan;
        long timeout = limits.dataTimeout().toNanos();
        return isLate || waited > timeout || isTooSlow(now, haste)
                ? endOrAbort(waited, timeout)
                : Verdict.WAIT_ON;
    }

    /** An end of input ends every read but one that is busy writing, as TLS may have to. */
    private static Verdict endOrAbort(long waited, long timeout) {
        return waited > 2 * timeout ? Verdict.ABORT : Verdict.END_INPUT;
    }

    private boolean isTooSlow(long now, Optional<Haste> haste) {
        Duration grace = shorter(limits.dataGrace(), haste.map(Haste::dataGrace));
        long rate = Math.max(limits.dataRate(), haste.map(Haste::dataRate).orElse(0L));
        long waited = messageWait.get() + Math.max(0, now - readBegan);
        return waited > grace.toNanos() && messageOctets.get() < rate * (waited / NANOS);
    }

    private static Duration shorter(Duration usual, Optional<Duration> hurried) {
        return hurried.filter(other -> other.compareTo(usual) < 0).orElse(usual);
    }
}
