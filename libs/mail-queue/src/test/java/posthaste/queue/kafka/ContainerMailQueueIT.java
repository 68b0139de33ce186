package posthaste.queue.kafka;

import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;
import posthaste.queue.MailQueue;
import posthaste.queue.MailQueueContract;
import posthaste.testing.Requires;

/** The contract once more, with a broker in a process and a machine of its own. */
@Tag("full")
class ContainerMailQueueIT extends MailQueueContract {
    private static KafkaContainer broker;
    private static KafkaMailQueue queue;
    private static RawTopics raw;

    @BeforeAll
    static void start() {
        Requires.that(
                DockerClientFactory.instance().isDockerAvailable(),
                "no container engine answers, so no broker in a container");
        broker =
                new KafkaContainer(
                                DockerImageName.parse("apache/kafka:" + AppInfoParser.getVersion()))
                        .withEnv("KAFKA_OFFSETS_RETENTION_MINUTES", "2147483647")
                        .withEnv("KAFKA_LOG_FLUSH_INTERVAL_MESSAGES", "1")
                        .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                        .withEnv("KAFKA_GROUP_CONSUMER_MIN_SESSION_TIMEOUT_MS", "1500")
                        .withEnv("KAFKA_GROUP_CONSUMER_SESSION_TIMEOUT_MS", "1500")
                        .withEnv("KAFKA_GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS", "200")
                        .withEnv("KAFKA_GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS", "200");
        broker.start();
        queue =
                new KafkaMailQueue(
                        KafkaQueueSettings.of(
                                broker.getBootstrapServers(),
                                "container",
                                KafkaQueueSettings.Durability.singleNode()),
                        InstantSource.system(),
                        RawTopics::failOnFatal);
        raw = new RawTopics(broker.getBootstrapServers());
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            raw.close();
            queue.close();
            broker.stop();
        }
    }

    @Override
    protected MailQueue queue() {
        return queue;
    }

    @Override
    protected void appendRaw(String topic, byte[] value) throws Exception {
        raw.append(topic, value);
    }

    @Override
    protected List<byte[]> values(String topic) {
        return raw.values(topic);
    }
}
