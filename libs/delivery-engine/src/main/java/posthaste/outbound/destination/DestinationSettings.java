package posthaste.outbound.destination;

import java.time.Duration;

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
 * @param inFlight attempts over all destinations, of which one has a quarter while others have
 *     work, and all slow ones half. Where jobs come from several loops: what one of them may have
 */
public record DestinationSettings(
        int startConnections,
        int maxConnections,
        Duration idleTimeout,
        int maxMessagesPerConnection,
        Duration maxConnectionAge,
        int downAfter,
        Duration probeInterval,
        int inFlight) {
    public DestinationSettings {
        atLeastOne(startConnections, "connections at the start");
        atLeastOne(maxConnections, "connections");
        atLeastOne(maxMessagesPerConnection, "messages per connection");
        atLeastOne(downAfter, "failures until a destination is down");
        atLeastOne(inFlight, "attempts in flight");
        positive(idleTimeout, "the idle timeout");
        positive(maxConnectionAge, "the age of a connection");
        positive(probeInterval, "the probe interval");
        startConnections = Math.min(startConnections, maxConnections);
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
