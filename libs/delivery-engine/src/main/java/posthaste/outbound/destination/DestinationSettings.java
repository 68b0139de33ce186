package posthaste.outbound.destination;

import java.time.Duration;
import java.util.List;
import posthaste.mail.envelope.Stream;
import posthaste.mail.envelope.StreamShares;

/**
 * The limits of every destination.
 *
 * @param startConnections at once, before anything is known of the destination
 * @param maxConnections at once
 * @param idleTimeout after which an unused connection is closed
 * @param maxMessagesPerConnection after which a connection is closed
 * @param maxConnectionAge after which a connection is closed
 * @param downAfter failed connections in a row
 * @param probeInterval between two looks at a destination that is down
 * @param inFlight attempts over all destinations, divided among streams; of a stream's part one
 *     destination has a quarter while others have work, and all slow ones half. Where jobs come
 *     from several fleets: what one of them may have
 * @param streams that divide it; empty: each stream may have it all
 * @param shares of the streams, also of the turns at a destination for which several wait
 */
public record DestinationSettings(
        int startConnections,
        int maxConnections,
        Duration idleTimeout,
        int maxMessagesPerConnection,
        Duration maxConnectionAge,
        int downAfter,
        Duration probeInterval,
        int inFlight,
        List<Stream> streams,
        StreamShares shares) {
    public DestinationSettings {
        atLeastOne(startConnections, "connections at the start");
        atLeastOne(maxConnections, "connections");
        atLeastOne(maxMessagesPerConnection, "messages per connection");
        atLeastOne(downAfter, "failures until a destination is down");
        atLeastOne(inFlight, "attempts in flight");
        positive(idleTimeout, "the idle timeout");
        positive(maxConnectionAge, "the age of a connection");
        positive(probeInterval, "the probe interval");
        streams = List.copyOf(streams);
        startConnections = Math.min(startConnections, maxConnections);
    }

    /** For jobs of which no stream has a part for itself. */
    public DestinationSettings(
            int startConnections,
            int maxConnections,
            Duration idleTimeout,
            int maxMessagesPerConnection,
            Duration maxConnectionAge,
            int downAfter,
            Duration probeInterval,
            int inFlight) {
        this(
                startConnections,
                maxConnections,
                idleTimeout,
                maxMessagesPerConnection,
                maxConnectionAge,
                downAfter,
                probeInterval,
                inFlight,
                List.of(),
                StreamShares.USUAL);
    }

    private static void atLeastOne(int number, String what) {
        if (number < 1) {
            throw new IllegalArgumentException("there is at least one of: " + what);
        }
    }

    private static void positive(Duration duration, String what) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(what + " is above 0, not " + duration);
        }
    }
}
