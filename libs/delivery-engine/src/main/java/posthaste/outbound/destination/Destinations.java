package posthaste.outbound.destination;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import posthaste.mail.envelope.Stream;

/** All destinations that have something to do, had lately, or are down. */
public final class Destinations {
    /** What was learned of a quiet destination is worth this long. */
    private static final Duration MEMORY = Duration.ofMinutes(2);

    /** Of more than so many (some 50 MB) none is remembered beyond its last job. */
    private static final int MANY = 50_000;

    private final DestinationSettings settings;
    private final InstantSource clock;
    private final IdleConnections idle;
    private final Map<Stream, Integer> parts;
    private final ConcurrentHashMap<String, Destination> byName = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Stream, ProcessLoad> loads = new ConcurrentHashMap<>();

    public Destinations(DestinationSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.idle = new IdleConnections(settings.inFlight());
        this.parts = settings.shares().parts(settings.streams(), settings.inFlight());
    }

    /** A job of a stream comes to a destination. */
    public Visit visit(String name, Stream stream) {
        Destination destination = enter(name);
        Lane lane = destination.lane(stream, this::load);
        lane.visitors.incrementAndGet();
        lane.load.came();
        return new Visit(
                destination,
                lane,
                () -> {
                    lane.load.left();
                    lane.visitors.decrementAndGet();
                    leave(name);
                });
    }

    private ProcessLoad load(Stream stream) {
        return loads.computeIfAbsent(
                stream,
                _ ->
                        new ProcessLoad(
                                parts.getOrDefault(stream, settings.inFlight()), byName::size));
    }

    /** The destinations as monitoring shows them, by name. */
    public List<DestinationSnapshot> snapshot() {
        return byName.values().stream()
                .map(Destination::snapshot)
                .sorted(Comparator.comparing(DestinationSnapshot::name))
                .toList();
    }

    /** Jobs in the hands of the engine. */
    public int held() {
        return loads.values().stream().mapToInt(ProcessLoad::held).sum();
    }

    /** Those among them that wait for a slot. */
    public int waiting() {
        return loads.values().stream().mapToInt(ProcessLoad::waiting).sum();
    }

    /** Called at short intervals by the engine's housekeeping. */
    public void tidy(long nanoTime) {
        byName.values().forEach(destination -> destination.tidy(nanoTime));
    }

    /** Called at long intervals: forgets what has been quiet for long. */
    public void forgetTheQuiet(long nanoTime) {
        long memory = byName.size() > MANY ? 0 : MEMORY.toNanos();
        for (String name : byName.keySet()) {
            byName.computeIfPresent(
                    name,
                    (_, destination) ->
                            destination.visitors.get() == 0
                                            && nanoTime - destination.lastVisit >= memory
                                            && destination.isForgettable()
                                    ? null
                                    : destination);
        }
    }

    /** Closes idle connections and sends back those who wait. */
    public void close() {
        byName.values().forEach(Destination::close);
    }

    private Destination enter(String name) {
        return byName.compute(
                name,
                (_, known) -> {
                    Destination destination =
                            known != null ? known : new Destination(name, settings, idle, clock);
                    destination.visitors.incrementAndGet();
                    return destination;
                });
    }

    private void leave(String name) {
        byName.computeIfPresent(
                name,
                (_, destination) -> {
                    destination.visitors.decrementAndGet();
                    destination.lastVisit = System.nanoTime();
                    return destination;
                });
    }
}
