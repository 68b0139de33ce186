package posthaste.ingest.smtp;

import java.time.InstantSource;
import posthaste.ingest.accept.Acceptor;
import posthaste.ingest.accept.StorageRoom;

/** What all listeners of a process share. */
public record Surroundings(
        SessionGate gate,
        StorageRoom room,
        Acceptor acceptor,
        InstantSource clock,
        SessionMetrics metrics) {}
