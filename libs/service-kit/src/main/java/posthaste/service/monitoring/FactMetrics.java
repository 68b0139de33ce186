package posthaste.service.monitoring;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import posthaste.queue.control.FactStatistics;

/** What is told to all processes, by topic. */
public final class FactMetrics implements MeterBinder {
    private final String topic;
    private final FactStatistics statistics;

    public FactMetrics(String topic, FactStatistics statistics) {
        this.topic = topic;
        this.statistics = statistics;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "written", "Facts of ours in the topic", FactStatistics::written);
        counter(
                registry,
                "dropped",
                "Facts of ours that never came into the topic",
                FactStatistics::dropped);
        counter(registry, "told", "Facts told to this process", FactStatistics::told);
        counter(registry, "unreadable", "Records that are no facts", FactStatistics::unreadable);
        counter(registry, "failed", "Facts that their listener failed on", FactStatistics::failed);
        Gauge.builder("posthaste.facts.waiting", statistics, FactStatistics::waiting)
                .description("Facts of ours that wait to be written")
                .tag("topic", topic)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry,
            String what,
            String description,
            ToDoubleFunction<FactStatistics> value) {
        FunctionCounter.builder("posthaste.facts." + what, statistics, value)
                .description(description)
                .tag("topic", topic)
                .register(registry);
    }
}
