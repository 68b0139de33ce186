package posthaste.outbound.smtp;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Breaks off what takes too long by closing its socket, also when the other side dribbles single
 * bytes or reads nothing.
 *
 * <p>One look over all sessions at intervals, instead of a timer for each read: timers that are set
 * and cancelled thousands of times a second were the dearest part of the client in the first
 * prototype's profile.
 */
public final class Watchdog {
    private static final long NEVER = Long.MAX_VALUE;

    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    /** Begins to watch over a session; it has no deadline yet. */
    Watch watch(Closeable session) {
        Watch watch = new Watch(session);
        watches.add(watch);
        return watch;
    }

    /** Breaks off what is overdue; called at short intervals by the engine's housekeeping. */
    public void look(long nanoTime) {
        for (Watch watch : watches) {
            watch.look(nanoTime);
        }
    }

    /** Breaks off everything. */
    public void breakOffAll() {
        for (Watch watch : watches) {
            watch.breakOff();
        }
    }

    /** One session's deadline, set by the thread that uses the session. */
    final class Watch {
        private final Closeable session;
        private volatile long deadline = NEVER;
        private volatile boolean expired;
        private long setAt;

        private Watch(Closeable session) {
            this.session = session;
        }

        /** The session is broken off at this time of {@link System#nanoTime}. */
        void until(long nanoTime) {
            setAt = System.nanoTime();
            // NEVER is no moment that can come, so a deadline that happens to equal it is one less.
            deadline = nanoTime == NEVER ? NEVER - 1 : nanoTime;
        }

        void noDeadline() {
            deadline = NEVER;
        }

        boolean expired() {
            return expired;
        }

        /** How long the last step has been waited for. */
        Duration waited() {
            return Duration.ofNanos(System.nanoTime() - setAt);
        }

        void end() {
            watches.remove(this);
        }

        private void look(long nanoTime) {
            long due = deadline;
            if (due != NEVER && nanoTime - due >= 0) {
                expired = true;
                breakOff();
            }
        }

        private void breakOff() {
            watches.remove(this);
            try {
                session.close();
            } catch (IOException e) {
                // Closed is what it was to be.
                return;
            }
        }
    }
}
