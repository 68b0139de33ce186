package posthaste.queue.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import posthaste.queue.QueueSettingsException;
import posthaste.queue.kafka.KafkaQueueSettings.Durability;

class KafkaQueueSettingsTest {
    private final KafkaQueueSettings settings =
            KafkaQueueSettings.of("localhost:9092", "test", Durability.singleNode());

    @Test
    void aClientPropertyIsPassedOn() {
        assertThat(settings.withProperties(Map.of("security.protocol", "SSL")).properties())
                .containsEntry("security.protocol", "SSL");
    }

    @Test
    void whatNoLossRestsOnCannotBeSetFromOutside() {
        assertThatThrownBy(() -> settings.withProperties(Map.of("acks", "1")))
                .isInstanceOf(QueueSettingsException.class)
                .hasMessage(
                        "the queue's client property acks is \"1\"; allowed is no value: the queue sets it itself");
    }

    @Test
    void moreCopiesThanThereAreCannotBeWaitedFor() {
        assertThatThrownBy(() -> new Durability(2, 3, false))
                .isInstanceOf(QueueSettingsException.class)
                .hasMessageContaining("min-insync-replicas is \"3\"")
                .hasMessageContaining("1 to the replication, 2");
    }

    @Test
    void aBootstrapServerIsNeeded() {
        assertThatThrownBy(() -> KafkaQueueSettings.of(" ", "test", Durability.singleNode()))
                .isInstanceOf(QueueSettingsException.class)
                .hasMessageContaining("bootstrap-servers");
    }
}
