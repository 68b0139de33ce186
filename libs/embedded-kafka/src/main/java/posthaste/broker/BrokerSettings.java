package posthaste.broker;

import java.time.Duration;
import java.util.Map;

/**
 * How an embedded broker runs.
 *
 * @param port for clients, on 127.0.0.1; 0 takes a free one at each start
 * @param flushEveryRecord whether a batch is forced to disk before it is acknowledged, on every
 *     topic that does not say otherwise, {@code __consumer_offsets} among them: what no-loss rests
 *     on where there is no second copy
 * @param groupSessionTimeout after which silence a consumer counts as crashed and its partitions
 *     are given to others, or to its successor after a restart
 * @param groupHeartbeatInterval how often a consumer reports, and so how fast partitions move
 * @param properties of the broker, over those that are set here
 */
public record BrokerSettings(
        int port,
        boolean flushEveryRecord,
        Duration groupSessionTimeout,
        Duration groupHeartbeatInterval,
        Map<String, String> properties) {

    public BrokerSettings {
        properties = Map.copyOf(properties);
        if (port < 0 || port > 65535) {
            throw new BrokerStartException("the broker's port is 0 to 65535, not " + port);
        }
        if (groupHeartbeatInterval.isNegative()
                || groupHeartbeatInterval.isZero()
                || groupSessionTimeout.compareTo(groupHeartbeatInterval.multipliedBy(2)) < 0) {
            throw new BrokerStartException(
                    "the group session timeout %s must be at least twice the heartbeat interval %s, which is above zero"
                            .formatted(groupSessionTimeout, groupHeartbeatInterval));
        }
    }

    /** Safe against power cuts, any free port, crashed consumers noticed after 5 s. */
    public static BrokerSettings durable() {
        return new BrokerSettings(0, true, Duration.ofSeconds(5), Duration.ofMillis(500), Map.of());
    }

    /**
     * The same with quick groups: a crashed consumer is noticed after 1.5 s, which a process under
     * load may take for its own death.
     */
    public static BrokerSettings forTests() {
        return new BrokerSettings(
                0, true, Duration.ofMillis(1500), Duration.ofMillis(200), Map.of());
    }

    public BrokerSettings withPort(int newPort) {
        return new BrokerSettings(
                newPort, flushEveryRecord, groupSessionTimeout, groupHeartbeatInterval, properties);
    }

    public BrokerSettings withFlushEveryRecord(boolean flush) {
        return new BrokerSettings(
                port, flush, groupSessionTimeout, groupHeartbeatInterval, properties);
    }

    public BrokerSettings withProperties(Map<String, String> newProperties) {
        return new BrokerSettings(
                port, flushEveryRecord, groupSessionTimeout, groupHeartbeatInterval, newProperties);
    }
}
