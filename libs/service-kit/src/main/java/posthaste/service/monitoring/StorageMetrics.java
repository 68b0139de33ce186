package posthaste.service.monitoring;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import posthaste.body.BodyStore;
import posthaste.body.BodyStoreStatistics;
import posthaste.body.MemoryBudget;
import posthaste.service.storage.StorageGuard;

/** Bodies: the store, the memory they take, the disks they fill. */
public final class StorageMetrics implements MeterBinder {
    private final BodyStore store;
    private final MemoryBudget memory;
    private final StorageGuard guard;

    public StorageMetrics(BodyStore store, MemoryBudget memory, StorageGuard guard) {
        this.store = store;
        this.memory = memory;
        this.guard = guard;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "stored", "Bodies made durable", BodyStoreStatistics::bodies);
        counter(registry, "stored.bytes", "Bytes made durable", BodyStoreStatistics::bytes);
        counter(registry, "segments", "Segments begun", BodyStoreStatistics::segments);
        counter(registry, "objects", "Large bodies made durable", BodyStoreStatistics::objects);
        counter(registry, "forces", "Forces to disk", BodyStoreStatistics::forces);
        counter(registry, "refused", "Bodies not stored", BodyStoreStatistics::refused);
        counter(registry, "failures", "Failures of a folder", BodyStoreStatistics::failures);
        counter(registry, "cache.hits", "Reads from memory", BodyStoreStatistics::cacheHits);
        counter(registry, "cache.misses", "Reads from disk", BodyStoreStatistics::cacheMisses);
        gauge(
                registry,
                "posthaste.body.cached.bytes",
                "Fresh bodies in memory",
                () -> store.statistics().cachedBytes());
        gauge(
                registry,
                "posthaste.body.waiting",
                "Bodies that wait to be made durable",
                () -> store.statistics().waiting());
        gauge(registry, "posthaste.memory.size.bytes", "The memory budget", memory::size);
        gauge(registry, "posthaste.memory.used.bytes", "Of it, taken now", memory::used);
        gauge(
                registry,
                "posthaste.storage.free.bytes",
                "Free space on the fullest of the watched disks",
                guard::free);
        gauge(
                registry,
                "posthaste.storage.accepting",
                "1 while there is room for new mail",
                () -> guard.acceptsMail() ? 1 : 0);
    }

    private void counter(
            MeterRegistry registry,
            String what,
            String description,
            ToDoubleFunction<BodyStoreStatistics> value) {
        FunctionCounter.builder(
                        "posthaste.body." + what,
                        store,
                        now -> value.applyAsDouble(now.statistics()))
                .description(description)
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry, String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }
}
