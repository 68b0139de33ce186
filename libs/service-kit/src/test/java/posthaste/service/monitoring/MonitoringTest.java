package posthaste.service.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import posthaste.body.BodyWriter;
import posthaste.body.Generation;
import posthaste.body.MemoryBudget;
import posthaste.body.memory.MemoryBodyStore;
import posthaste.mail.envelope.MailId;
import posthaste.mail.record.Event;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.Settlement;
import posthaste.queue.memory.MemoryMailQueue;
import posthaste.service.lifecycle.ConsumerLifecycle;
import posthaste.service.storage.StorageGuard;

class MonitoringTest {
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MemoryMailQueue queue = new MemoryMailQueue(InstantSource.system());
    private final AtomicLong freeSpace = new AtomicLong(5000);
    private final StorageGuard guard =
            new StorageGuard(
                    List.of(Path.of("bodies")),
                    1000,
                    Duration.ZERO,
                    InstantSource.system(),
                    _ -> freeSpace.get());

    @Test
    void aLoopIsCountedUnderItsName() throws Exception {
        ConsumerPlan plan =
                new ConsumerPlan(
                        "reading",
                        "readers",
                        Map.of(Topics.EVENTS, Duration.ZERO),
                        10,
                        Duration.ofMillis(1),
                        Duration.ofSeconds(1));
        ConsumerLifecycle loop =
                new ConsumerLifecycle(
                        plan.name(), () -> queue.consumer(plan, _ -> Settlement.nothing()));
        new ConsumerMetrics(List.of(loop)).bindTo(registry);
        assertThat(registry.scrape())
                .contains("posthaste_consumer_settled_total{loop=\"reading\"} 0.0");

        loop.start();
        queue.publisher()
                .publish(
                        List.of(
                                new OutgoingRecord(
                                        Topics.EVENTS,
                                        "key",
                                        new Event(
                                                MailId.derived(Instant.EPOCH, "a test"),
                                                Instant.EPOCH,
                                                Optional.empty(),
                                                List.of()))),
                        Duration.ofSeconds(1));

        await().untilAsserted(() ->
                assertThat(registry.scrape())
                        .contains("posthaste_consumer_settled_total{loop=\"reading\"} 1.0"));
        loop.stop();
    }

    @Test
    void bodiesMemoryAndDisksAreShown() throws Exception {
        MemoryBudget memory = new MemoryBudget(64 * 1024);
        MemoryBodyStore store = new MemoryBodyStore(memory);
        new StorageMetrics(store, memory, guard).bindTo(registry);
        try (BodyWriter writer = store.begin(Generation.PRIMARY, Duration.ZERO)) {
            writer.write(new byte[100], 0, 100);
            writer.commit("a test", new byte[0], Duration.ofSeconds(1));
        }
        memory.acquire(1024, Duration.ZERO);

        assertThat(registry.scrape())
                .contains(
                        "posthaste_body_stored_total 1.0",
                        "posthaste_body_stored_bytes_total 100.0",
                        "posthaste_memory_size_bytes 65536.0",
                        "posthaste_memory_used_bytes 1024.0",
                        "posthaste_storage_free_bytes 5000.0",
                        "posthaste_storage_accepting 1.0");
    }

    @Test
    void aProcessWithoutRoomIsOutOfService() throws Exception {
        StoreHealth health = new StoreHealth(guard);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);

        freeSpace.set(999);

        assertThat(health.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        assertThat(health.health().getDetails()).containsEntry("freeBytes", 999L);
    }

    @Test
    void aBrokerThatAnswersIsUp() {
        Health health = new BrokerHealth(queue).health();

        assertThat(health.getStatus()).isEqualTo(Status.UP);
    }
}
