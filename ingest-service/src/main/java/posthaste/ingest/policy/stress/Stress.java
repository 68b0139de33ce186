package posthaste.ingest.policy.stress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at all pressures several times a second; the scarcest resource sets the level. */
public final class Stress implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stress.class);

    private final Supplier<StressSettings> settings;
    private final MeterRegistry registry;
    private final List<Pressure> pressures = new CopyOnWriteArrayList<>();
    private final StressRule rule = new StressRule();
    private volatile StressLevel level = StressLevel.CALM;
    private volatile boolean closed;

    /**
     * Begins to look.
     *
     * @param interval between two looks
     */
    public Stress(
            Supplier<StressSettings> settings,
            List<Pressure> pressures,
            Duration interval,
            MeterRegistry registry) {
        this.settings = settings;
        this.registry = registry;
        pressures.forEach(this::watch);
        Gauge.builder("posthaste.ingest.stress", this, stress -> stress.level.severity())
                .description("0 calm, 1 tight: strangers stand back, 2 severe: everyone does")
                .register(registry);
        Thread.ofVirtual()
                .name("stress")
                .start(() -> {
                    while (!closed) {
                        look();
                        LockSupport.parkNanos(interval.toNanos());
                    }
                });
    }

    /** Watches a resource more. */
    public void watch(Pressure pressure) {
        pressures.add(pressure);
        Gauge.builder("posthaste.ingest.pressure", pressure, p -> p.share().getAsDouble())
                .description("Share of a resource that is in use")
                .tag("resource", pressure.name())
                .strongReference(true)
                .register(registry);
    }

    public StressLevel level() {
        return level;
    }

    public StressSettings settings() {
        return settings.get();
    }

    /** Looks now. */
    synchronized void look() {
        double highest = 0;
        for (Pressure pressure : pressures) {
            highest = Math.max(highest, pressure.share().getAsDouble());
        }
        StressLevel before = level;
        StressLevel now = rule.look(highest, settings.get(), System.nanoTime());
        if (now != before) {
            level = now;
            String name = now.name().toLowerCase(Locale.ROOT);
            Counter.builder("posthaste.ingest.stress.changes")
                    .description("Changes of the stress level, by the new one")
                    .tag("level", name)
                    .register(registry)
                    .increment();
            String shares =
                    pressures.stream()
                            .map(p -> "%s %.2f".formatted(p.name(), p.share().getAsDouble()))
                            .collect(Collectors.joining(", "));
            LOG.warn("stress is {} now, in use: {}", name, shares);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
