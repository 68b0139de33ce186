package posthaste.fallback.janitor;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import posthaste.body.Generation;
import posthaste.body.StoreUnavailableException;
import posthaste.body.inventory.BodyInventory;
import posthaste.body.inventory.StoredObject;
import posthaste.body.segment.BodyKey;
import posthaste.outbound.settlement.BodyBounds;
import posthaste.queue.PartitionMark;
import posthaste.queue.PartitionMark.Standing;
import posthaste.queue.QueueMarks;
import posthaste.queue.QueueUnavailableException;

/**
 * One run: reads the marks, lists the store, removes what the {@link CleaningPlan} lets go. A run
 * that fails or is killed half-way leaves nothing wrong: the next one does what is left.
 */
final class Cleaning {
    /** Of the topics that are ours; others may live on the same cluster. */
    private static final String OURS = "mail.";

    /** Removed at most in a run, so that memory is bounded; the next run goes on. */
    private static final int OBJECTS_AT_ONCE = 20_000;

    private static final List<Generation> GENERATIONS =
            List.of(
                    Generation.PRIMARY,
                    Generation.DEFERRED,
                    Generation.DEAD_LETTER,
                    Generation.QUARANTINE);

    private final QueueMarks marks;
    private final BodyInventory bodies;
    private final BodyBounds bounds;
    private final Duration grace;
    private final Duration slot;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final BrokerClock brokerClock = new BrokerClock();

    /**
     * Takes what it works on.
     *
     * @param slot length of the store's slots
     * @param nanoTime a clock that nobody sets, as {@link System#nanoTime}
     */
    Cleaning(
            QueueMarks marks,
            BodyInventory bodies,
            BodyBounds bounds,
            Duration grace,
            Duration slot,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.marks = marks;
        this.bodies = bodies;
        this.bounds = bounds;
        this.grace = grace;
        this.slot = slot;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * Runs once.
     *
     * @throws QueueUnavailableException when the broker is away: what can be told without it is
     *     nothing
     * @throws StoreUnavailableException when some of the store is away; records were removed all
     *     the same
     */
    CleaningReport run()
            throws QueueUnavailableException, StoreUnavailableException, InterruptedException {
        Instant at = clock.instant();
        long begun = nanoTime.getAsLong();
        Map<String, Optional<BodyTopic>> topics = new TreeMap<>();
        for (String name : marks.topics(OURS)) {
            if (!BodyTopic.isWithoutBodies(name)) {
                topics.put(name, BodyTopic.of(name));
            }
        }
        List<PartitionMark> read = read(topics.values());
        Instant certain = brokerClock.certain(at, begun);
        CleaningPlan plan = new CleaningPlan(certain, topics, read, bounds, grace, slot);
        if (!plan.trims().isEmpty()) {
            marks.trim(plan.trims());
        }
        Tally tally = new Tally(plan);
        bodies.visit(tally::add);
        bodies.delete(tally.going);
        int unfinished = bodies.deleteUnfinished(certain.minus(bounds.primary()).minus(grace));
        return report(at, certain, plan, tally, unfinished);
    }

    private List<PartitionMark> read(Collection<Optional<BodyTopic>> topics)
            throws QueueUnavailableException, InterruptedException {
        Map<String, TreeSet<String>> byGroup = new TreeMap<>();
        for (Optional<BodyTopic> topic : topics) {
            topic.ifPresent(known ->
                    known.readers()
                            .forEach(group ->
                                    byGroup.computeIfAbsent(group, _ -> new TreeSet<>())
                                            .add(known.name())));
        }
        List<PartitionMark> read = new ArrayList<>();
        for (Map.Entry<String, TreeSet<String>> group : byGroup.entrySet()) {
            List<PartitionMark> ofGroup = marks.marks(group.getKey(), group.getValue());
            long seen = nanoTime.getAsLong();
            for (PartitionMark mark : ofGroup) {
                if (mark.standing() instanceof Standing.Known known) {
                    known.newest().ifPresent(newest -> brokerClock.saw(newest, seen));
                }
            }
            read.addAll(ofGroup);
        }
        return read;
    }

    private static CleaningReport report(
            Instant at, Instant certain, CleaningPlan plan, Tally tally, int unfinished) {
        Map<Generation, Instant> horizons = new HashMap<>();
        Map<Generation, String> heldBy = new HashMap<>();
        for (Generation generation : GENERATIONS) {
            plan.horizon(generation).ifPresent(horizon -> horizons.put(generation, horizon));
            plan.heldBy(generation).ifPresent(by -> heldBy.put(generation, by));
        }
        return new CleaningReport(
                at,
                certain,
                horizons,
                heldBy,
                plan.obstacles(),
                tally.going.size(),
                tally.goingBytes,
                plan.recordsBehind(),
                unfinished,
                tally.storedBytes,
                tally.behindBytes,
                tally.untold);
    }

    /** What a listing comes to. */
    private static final class Tally {
        private final CleaningPlan plan;
        private final List<BodyKey> going = new ArrayList<>();
        private long goingBytes;
        private long storedBytes;
        private long behindBytes;
        private long untold;

        Tally(CleaningPlan plan) {
            this.plan = plan;
        }

        void add(StoredObject object) {
            CleaningPlan.Verdict verdict = plan.verdict(object);
            if (verdict == CleaningPlan.Verdict.GOES && going.size() < OBJECTS_AT_ONCE) {
                going.add(object.key());
                goingBytes += object.size();
                return;
            }
            storedBytes += object.size();
            switch (verdict) {
                case GOES, BEHIND -> behindBytes += object.size();
                case UNTOLD -> untold++;
                case NEEDED -> {}
            }
        }
    }
}
