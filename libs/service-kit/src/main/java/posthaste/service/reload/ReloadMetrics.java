package posthaste.service.reload;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What became of the changes of one file. */
final class ReloadMetrics {
    private final Counter loaded;
    private final Counter refused;

    ReloadMetrics(MeterRegistry registry, String name) {
        loaded = changes(registry, name, "loaded");
        refused = changes(registry, name, "refused");
    }

    void loaded() {
        loaded.increment();
    }

    void refused() {
        refused.increment();
    }

    private static Counter changes(MeterRegistry registry, String name, String outcome) {
        return Counter.builder("posthaste.reload.changes")
                .description("States of a watched file, by whether they came into force")
                .tag("file", name)
                .tag("outcome", outcome)
                .register(registry);
    }
}
