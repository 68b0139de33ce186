package posthaste.queue.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import posthaste.queue.QueueSettingsException;

/**
 * How a process uses Kafka.
 *
 * @param bootstrapServers {@code HOST:PORT}, separated by commas
 * @param properties of all clients, over those that are set here: security, mostly
 * @param clientId names this process in the broker's logs and metrics
 * @param durability what topics must promise
 * @param linger how long a batch of what somebody waits for gathers; what settles gathers for 8 ms
 *     at least
 * @param deliveryTimeout after which a batch that the broker did not acknowledge is given up; its
 *     outcome is then unknown
 * @param recordsPerBucket of one routing key in a second, above which it takes one partition more
 */
public record KafkaQueueSettings(
        String bootstrapServers,
        Map<String, String> properties,
        String clientId,
        Durability durability,
        Duration linger,
        Duration deliveryTimeout,
        int recordsPerBucket) {

    /** The largest record: a thousand recipients with long addresses and ORCPT take about 1 MB. */
    public static final int MAX_RECORD_BYTES = 4 * 1024 * 1024;

    /**
     * What topics must promise.
     *
     * @param replication copies of each record
     * @param minInsyncReplicas copies that exist before a record is acknowledged
     * @param flushEveryRecord whether a batch is forced to disk before it is acknowledged
     */
    public record Durability(int replication, int minInsyncReplicas, boolean flushEveryRecord) {
        public Durability {
            require(replication >= 1, "replication", replication, "at least 1, and 3 on a cluster");
            require(
                    minInsyncReplicas >= 1 && minInsyncReplicas <= replication,
                    "min-insync-replicas",
                    minInsyncReplicas,
                    "1 to the replication, " + replication);
        }

        /** One copy, forced to disk. */
        public static Durability singleNode() {
            return new Durability(1, 1, true);
        }

        /** Three copies, two of them before the acknowledgement. */
        public static Durability cluster() {
            return new Durability(3, 2, false);
        }
    }

    /** What no-loss rests on is not to be set from outside. */
    private static final Set<String> OURS =
            Set.of(
                    "acks",
                    "enable.idempotence",
                    "enable.auto.commit",
                    "auto.offset.reset",
                    "group.protocol",
                    "group.id",
                    "isolation.level",
                    "transactional.id",
                    "max.block.ms");

    public KafkaQueueSettings {
        properties = Map.copyOf(properties);
        for (String name : properties.keySet()) {
            require(
                    !OURS.contains(name),
                    "client property " + name,
                    properties.getOrDefault(name, ""),
                    "no value: the queue sets it itself");
        }
        require(
                !bootstrapServers.isBlank(),
                "bootstrap-servers",
                bootstrapServers,
                "a list of HOST:PORT");
        require(!clientId.isBlank(), "client id", clientId, "a name");
        require(
                !linger.isNegative() && linger.compareTo(Duration.ofSeconds(1)) <= 0,
                "linger",
                linger,
                "0 to 1 s");
        require(
                deliveryTimeout.compareTo(Duration.ofSeconds(1)) >= 0
                        && deliveryTimeout.compareTo(Duration.ofMinutes(10)) <= 0,
                "delivery timeout",
                deliveryTimeout,
                "1 s to 10 min");
        require(recordsPerBucket >= 1, "records per bucket", recordsPerBucket, "at least 1");
    }

    /** Batches gather for 2 ms, outcomes are unknown after 30 s. */
    public static KafkaQueueSettings of(
            String bootstrapServers, String clientId, Durability durability) {
        return new KafkaQueueSettings(
                bootstrapServers,
                Map.of(),
                clientId,
                durability,
                Duration.ofMillis(2),
                Duration.ofSeconds(30),
                1000);
    }

    public KafkaQueueSettings withProperties(Map<String, String> more) {
        return new KafkaQueueSettings(
                bootstrapServers,
                more,
                clientId,
                durability,
                linger,
                deliveryTimeout,
                recordsPerBucket);
    }

    private static void require(boolean holds, String setting, Object value, String allowed) {
        if (!holds) {
            throw new QueueSettingsException(
                    "the queue's %s is \"%s\"; allowed is %s".formatted(setting, value, allowed));
        }
    }
}
