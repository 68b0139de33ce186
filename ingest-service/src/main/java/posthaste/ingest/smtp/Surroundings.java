package posthaste.ingest.smtp;

import java.time.InstantSource;
import posthaste.ingest.accept.Acceptor;
import posthaste.ingest.accept.StorageRoom;

/**
 * What all listeners of a process share.
 *
 * @param offer what their clients may ask for beyond the ordinary
 */
public record Surroundings(
        SessionGate gate,
        StorageRoom room,
        Acceptor acceptor,
        InstantSource clock,
        SessionMetrics metrics,
        HandlingOffer offer) {

    /** With the usual offer. */
    public Surroundings(
            SessionGate gate,
            StorageRoom room,
            Acceptor acceptor,
            InstantSource clock,
            SessionMetrics metrics) {
        this(gate, room, acceptor, clock, metrics, HandlingOffer.USUAL);
    }
}
