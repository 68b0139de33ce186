package posthaste.ingest.smtp;

import java.time.InstantSource;
import java.util.Optional;
import posthaste.ingest.accept.Acceptor;
import posthaste.ingest.accept.StorageRoom;
import posthaste.ingest.auth.Authentication;

/**
 * What all listeners of a process share.
 *
 * @param offer what their clients may ask for beyond the ordinary
 * @param authentication empty: nobody can log in
 */
public record Surroundings(
        SessionGate gate,
        StorageRoom room,
        Acceptor acceptor,
        Optional<Authentication> authentication,
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
        this(gate, room, acceptor, Optional.empty(), clock, metrics, HandlingOffer.USUAL);
    }
}
