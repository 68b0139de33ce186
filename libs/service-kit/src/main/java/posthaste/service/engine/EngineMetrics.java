package posthaste.service.engine;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import posthaste.outbound.SmtpDeliveryEngine;

/** The delivery engine of this process; destinations are too many to be labels. */
public final class EngineMetrics implements MeterBinder {
    private final SmtpDeliveryEngine engine;

    public EngineMetrics(SmtpDeliveryEngine engine) {
        this.engine = engine;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(
                registry,
                "unexpected",
                "Exceptions that nobody foresaw: each is a defect",
                it -> it.statistics().unexpected());
        counter(
                registry,
                "held.back",
                "Jobs that came back without an attempt",
                it -> it.statistics().heldBack());
        counter(
                registry,
                "connections.opened",
                "Connections to other hosts",
                SmtpDeliveryEngine::connectionsOpened);
        counter(
                registry,
                "connections.reused",
                "Attempts that found an open connection",
                it -> it.statistics().connectionsReused());
        gauge(registry, "in.flight", "Jobs in the hands of the engine", engine::inFlight);
        gauge(registry, "waiting", "Of them, jobs that wait for a connection", engine::waiting);
    }

    private void counter(
            MeterRegistry registry,
            String what,
            String description,
            ToDoubleFunction<SmtpDeliveryEngine> value) {
        FunctionCounter.builder("posthaste.engine." + what, engine, value)
                .description(description)
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry, String what, String description, Supplier<Number> value) {
        Gauge.builder("posthaste.engine." + what, value)
                .description(description)
                .register(registry);
    }
}
