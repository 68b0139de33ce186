package posthaste.outbound.destination;

import java.util.Optional;
import posthaste.outbound.smtp.SmtpConnection;

/** The right to make one attempt at a destination; used by one thread. */
public final class Slot {
    private final Destination destination;
    private final Lane lane;
    private final boolean probe;
    private final int round;
    private final long beganAt;
    private boolean ended;

    Slot(Destination destination, Lane lane, boolean probe, int round, long beganAt) {
        this.destination = destination;
        this.lane = lane;
        this.probe = probe;
        this.round = round;
        this.beganAt = beganAt;
    }

    /** An open connection that nobody uses. */
    public Optional<SmtpConnection> idleConnection() {
        return destination.takeIdle();
    }

    /** Gives a connection back for the next attempt, or has it closed when it has served enough. */
    public void keep(SmtpConnection connection) {
        destination.keep(connection);
    }

    /** Whether a connection has not served enough yet. */
    public boolean mayCarryMore(SmtpConnection connection) {
        return !destination.hasServedEnough(connection);
    }

    /** Gives the slot back; only the first call counts. */
    public void end(Contact contact) {
        if (!ended) {
            ended = true;
            destination.end(this, contact);
        }
    }

    Lane lane() {
        return lane;
    }

    boolean isProbe() {
        return probe;
    }

    int round() {
        return round;
    }

    long beganAt() {
        return beganAt;
    }
}
