package posthaste.queue.kafka;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import posthaste.broker.BrokerSettings;
import posthaste.broker.EmbeddedBroker;
import posthaste.queue.MailQueue;
import posthaste.queue.MailQueueContract;

/** The contract, kept by the queue on the real broker. */
class KafkaMailQueueIT extends MailQueueContract {
    @TempDir private static Path folder;
    private static EmbeddedBroker broker;
    private static KafkaMailQueue queue;
    private static RawTopics raw;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder, BrokerSettings.forTests());
        queue =
                new KafkaMailQueue(
                        KafkaQueueSettings.of(
                                broker.bootstrapServers(),
                                "contract",
                                KafkaQueueSettings.Durability.singleNode()),
                        InstantSource.system(),
                        RawTopics::failOnFatal);
        raw = new RawTopics(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        raw.close();
        queue.close();
        broker.close();
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
