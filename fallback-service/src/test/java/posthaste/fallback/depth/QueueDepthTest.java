package posthaste.fallback.depth;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import posthaste.mail.record.Topics;
import posthaste.queue.TopicPlan;
import posthaste.queue.memory.MemoryMailQueue;
import posthaste.testing.SettableClock;

class QueueDepthTest {
    private static final String TIER = "mail.deferred.1m";

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final SettableClock clock = SettableClock.at("2026-11-22T10:00:00Z");
    private final MemoryMailQueue queue = new MemoryMailQueue(clock);
    private final QueueDepth depth =
            new QueueDepth(
                    queue.marks(),
                    Map.of(Topics.FALLBACK_GROUP, Map.of(TIER, Duration.ofMinutes(1))),
                    Duration.ofSeconds(1),
                    meters);

    @Test
    void beforeTheFirstLookNothingIsKnown() {
        assertThat(gauge("posthaste.queue.due")).isNaN();
        assertThat(meters.get("posthaste.queue.unknown").gauge().value()).isOne();
    }

    @Test
    void whatWaitsCountsAndWhatIsDueCountsApart() throws Exception {
        queue.prepare(List.of(new TopicPlan(TIER, 2, Optional.empty(), true)));
        queue.appendRaw(TIER, new byte[] {1});
        clock.advance(Duration.ofSeconds(30));
        queue.appendRaw(TIER, new byte[] {2});
        depth.round();
        assertThat(gauge("posthaste.queue.records")).isEqualTo(2);
        assertThat(gauge("posthaste.queue.due")).isZero();

        clock.advance(Duration.ofSeconds(30));
        depth.round();
        assertThat(gauge("posthaste.queue.records")).isEqualTo(2);
        assertThat(gauge("posthaste.queue.due")).isOne();
        assertThat(meters.get("posthaste.queue.unknown").gauge().value()).isZero();
    }

    private double gauge(String name) {
        return meters.get(name)
                .tag("group", Topics.FALLBACK_GROUP)
                .tag("topic", TIER)
                .gauge()
                .value();
    }
}
