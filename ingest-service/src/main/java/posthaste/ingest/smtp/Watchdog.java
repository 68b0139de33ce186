package posthaste.ingest.smtp;

import java.time.Duration;
import java.util.Set;
import posthaste.ingest.smtp.ListenerSettings.Limits;
import posthaste.ingest.smtp.SessionMetrics.End;

/**
 * Holds all sessions of a listener to their deadlines: one thread that looks round, instead of a
 * timer for each read.
 */
final class Watchdog {
    /** A deadline may be overrun by this share of the shortest. */
    private static final int SHARE = 10;

    private static final Duration SHORTEST_ROUND = Duration.ofMillis(10);
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(1);

    private final Set<SmtpSession> sessions;
    private final Duration round;
    private final Thread thread;

    Watchdog(Set<SmtpSession> sessions, Limits limits) {
        this.sessions = sessions;
        this.round = round(limits);
        this.thread = Thread.ofVirtual().name("smtp-watchdog").unstarted(this::watch);
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(round);
                long now = System.nanoTime();
                for (SmtpSession session : sessions) {
                    switch (session.verdict(now)) {
                        case WAIT_ON -> {}
                        case END_INPUT -> session.end(End.TIMED_OUT);
                        case ABORT -> session.abort(End.TIMED_OUT);
                    }
                }
            }
        } catch (InterruptedException e) {
            // stop() asks for this.
            Thread.currentThread().interrupt();
        }
    }

    private static Duration round(Limits limits) {
        Duration shortest = limits.commandTimeout();
        for (Duration other :
                new Duration[] {
                    limits.dataTimeout(), limits.sessionTimeout(), limits.dataGrace()
                }) {
            shortest = other.compareTo(shortest) < 0 ? other : shortest;
        }
        Duration share = shortest.dividedBy(SHARE);
        return share.compareTo(SHORTEST_ROUND) < 0
                ? SHORTEST_ROUND
                : share.compareTo(LONGEST_ROUND) > 0 ? LONGEST_ROUND : share;
    }
}
