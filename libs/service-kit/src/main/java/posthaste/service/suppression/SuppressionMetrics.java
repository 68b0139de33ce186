package posthaste.service.suppression;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The list as this process holds it. */
final class SuppressionMetrics implements MeterBinder {
    private final SuppressionList list;

    SuppressionMetrics(SuppressionList list) {
        this.list = list;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("posthaste.suppression.entries", list, SuppressionList::size)
                .description("Entries of the suppression list in memory, expired ones included")
                .register(registry);
        Gauge.builder("posthaste.suppression.memory", list, SuppressionList::octets)
                .description("Memory that the suppression list takes")
                .baseUnit("bytes")
                .register(registry);
        FunctionCounter.builder(
                        "posthaste.suppression.unreadable", list, SuppressionList::unreadable)
                .description("Records of the suppression list that no version of ours wrote")
                .register(registry);
    }
}
