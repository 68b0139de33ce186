package posthaste.queue.control;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is told of what; hands each fact that holds to the listeners of its kind. */
public final class FactTable {
    private static final Logger LOG = LoggerFactory.getLogger(FactTable.class);

    private final InstantSource clock;
    private final FactCounters counters;
    private final Map<String, List<FactListener>> listeners = new ConcurrentHashMap<>();
    private volatile boolean reading;

    public FactTable(InstantSource clock, FactCounters counters) {
        this.clock = clock;
        this.counters = counters;
    }

    /** Names a listener, before reading begins. */
    public void listen(String kind, FactListener listener) {
        if (reading) {
            throw new IllegalStateException("facts are being read: " + kind + " comes too late");
        }
        listeners.computeIfAbsent(kind, _ -> new CopyOnWriteArrayList<>()).add(listener);
    }

    /** From now on nobody may come who has missed something. */
    public void begin() {
        reading = true;
    }

    /** Tells the listeners of a record, unless it is expired, unreadable or nobody's. */
    public void read(byte[] key, byte[] value) {
        FactCodec.decode(key, value).ifPresentOrElse(this::tell, counters.unreadable::increment);
    }

    private void tell(Fact fact) {
        if (!fact.holdsAt(clock.instant())) {
            return;
        }
        for (FactListener listener : listeners.getOrDefault(fact.kind(), List.of())) {
            try {
                listener.told(fact);
                counters.told.increment();
            } catch (RuntimeException e) {
                // One kind's defect is not to keep the others from their facts.
                counters.failed.increment();
                LOG.error("a fact was not taken note of: {}", fact, e);
            }
        }
    }
}
