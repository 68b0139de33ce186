package posthaste.fallback.depth;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.queue.Backlog;
import posthaste.queue.QueueMarks;
import posthaste.queue.QueueUnavailableException;
import posthaste.service.lifecycle.Phases;
import posthaste.service.lifecycle.Rounds;

/**
 * Looks from time to time how much each group has to do. There is a series for each topic of the
 * configuration, never for what stands in it. While it cannot be told, the figures are not numbers
 * and {@code posthaste_queue_unknown} is 1: an autoscaler that got the last ones would act on them.
 */
final class QueueDepth extends Rounds {
    private static final Logger LOG = LoggerFactory.getLogger(QueueDepth.class);

    private final QueueMarks marks;
    private final Map<String, Map<String, Duration>> delaysByGroup;
    private final Duration interval;
    private volatile Optional<Map<String, Backlog>> latest = Optional.empty();
    private boolean failing;

    /**
     * Registers the gauges.
     *
     * @param delaysByGroup the topics of each group, and how long records wait there
     */
    QueueDepth(
            QueueMarks marks,
            Map<String, Map<String, Duration>> delaysByGroup,
            Duration interval,
            MeterRegistry meters) {
        super("queue-depth", Duration.ZERO);
        this.marks = marks;
        this.delaysByGroup = Map.copyOf(delaysByGroup);
        this.interval = interval;
        delaysByGroup.forEach((group, topics) ->
                topics.keySet()
                        .forEach(topic -> {
                            gauge(
                                    meters,
                                    "records",
                                    "Records that the group has not settled",
                                    group,
                                    topic,
                                    Backlog::unsettled);
                            gauge(
                                    meters,
                                    "due",
                                    "Of them, those that are due, in hands or not",
                                    group,
                                    topic,
                                    Backlog::due);
                        }));
        Gauge.builder("posthaste.queue.unknown", () -> latest.isPresent() ? 0 : 1)
                .description("1 while nobody can tell how deep the queues are")
                .register(meters);
    }

    private void gauge(
            MeterRegistry meters,
            String what,
            String description,
            String group,
            String topic,
            ToDoubleFunction<Backlog> figure) {
        Gauge.builder("posthaste.queue." + what, () -> now(topic, figure))
                .description(description)
                .tag("group", group)
                .tag("topic", topic)
                .register(meters);
    }

    private double now(String topic, ToDoubleFunction<Backlog> figure) {
        return latest.map(all -> all.get(topic)).map(figure::applyAsDouble).orElse(Double.NaN);
    }

    @Override
    protected Duration round() throws InterruptedException {
        try {
            Map<String, Backlog> all = new HashMap<>();
            for (Map.Entry<String, Map<String, Duration>> group : delaysByGroup.entrySet()) {
                for (Backlog backlog : marks.backlog(group.getKey(), group.getValue())) {
                    all.put(backlog.topic(), backlog);
                }
            }
            latest = Optional.of(all);
            failing = false;
        } catch (QueueUnavailableException e) {
            latest = Optional.empty();
            if (!failing) {
                LOG.warn("nobody can tell how deep the queues are: {}", e.getMessage());
            }
            failing = true;
        } catch (RuntimeException e) {
            latest = Optional.empty();
            throw e;
        }
        return interval;
    }

    @Override
    public int getPhase() {
        return Phases.CONSUMERS;
    }
}
