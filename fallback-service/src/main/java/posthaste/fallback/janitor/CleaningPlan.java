package posthaste.fallback.janitor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import posthaste.body.Generation;
import posthaste.body.inventory.StoredObject;
import posthaste.outbound.settlement.BodyBounds;
import posthaste.queue.PartitionMark;
import posthaste.queue.PartitionMark.Standing;
import posthaste.queue.QueueMarks;

/**
 * Decides what may go; a plain function of marks and a time that has certainly come.
 *
 * <p>Of bodies: a record may name a body only if that is younger than its generation's bound when
 * the record is due. Records of a partition are written one after the other, so all that is not
 * settled is due no earlier than the one at the low-water mark, and what is written after the marks
 * were read is due no earlier than they were read. Hence a body that was stored before the earliest
 * of these times, less the bound, is named by nobody; less the grace, for clocks that differ and
 * for records on their way, it goes.
 *
 * <p>Of records: what is behind the marks of all groups that read a topic.
 */
final class CleaningPlan {
    private final Duration grace;
    private final Duration slot;
    private final Map<Generation, Horizon> horizons = new HashMap<>();
    private final List<QueueMarks.Trim> trims = new ArrayList<>();
    private final List<String> obstacles = new ArrayList<>();
    private long recordsBehind;

    /** What is to become of an object. */
    enum Verdict {
        /** Nobody needs it, and nobody will. */
        GOES,
        /** Nobody needs it as far as can be seen; it waits for the grace. */
        BEHIND,
        /** Some record may name it. */
        NEEDED,
        /**
         * Of a generation that nobody has promised anything of, or one of which it can't be told.
         */
        UNTOLD
    }

    /**
     * What was stored before is named by nobody.
     *
     * @param heldBy what holds it back most
     */
    private record Horizon(Instant at, String heldBy) {}

    /**
     * Makes a plan.
     *
     * @param now a time that had certainly come when the first mark was read
     * @param topics all topics that there are, by name; empty where nobody knows of it
     * @param marks of every reader of each of them, over every partition
     * @param slot length of a slot
     */
    CleaningPlan(
            Instant now,
            Map<String, Optional<BodyTopic>> topics,
            Collection<PartitionMark> marks,
            BodyBounds bounds,
            Duration grace,
            Duration slot) {
        this.grace = grace;
        this.slot = slot;
        Map<String, List<PartitionMark>> byTopic = new TreeMap<>();
        marks.forEach(
                mark -> byTopic.computeIfAbsent(mark.topic(), _ -> new ArrayList<>()).add(mark));
        boolean allKnown = true;
        for (String name : new TreeMap<>(topics).keySet()) {
            if (topics.getOrDefault(name, Optional.empty()).isEmpty()) {
                obstacles.add("nobody knows whether " + name + " names bodies");
                allKnown = false;
            }
        }
        List<BodyTopic> known = topics.values().stream().flatMap(Optional::stream).toList();
        for (BodyTopic topic : known) {
            trim(topic, byTopic.getOrDefault(topic.name(), List.of()));
        }
        if (allKnown) {
            for (Generation generation :
                    List.of(
                            Generation.PRIMARY,
                            Generation.DEFERRED,
                            Generation.DEAD_LETTER,
                            Generation.QUARANTINE)) {
                bounds.of(generation)
                        .ifPresent(bound -> look(generation, bound, now, known, byTopic));
            }
        }
    }

    /** What is to become of an object. */
    Verdict verdict(StoredObject object) {
        Horizon horizon = horizons.get(object.key().generation());
        if (horizon == null) {
            return Verdict.UNTOLD;
        }
        // The writer's clock named the slot, the store's own clock says when it was written to: one
        // that is behind makes nothing old.
        Instant slotEnd = object.key().slot().start().plus(slot);
        Instant last = slotEnd.isAfter(object.modified()) ? slotEnd : object.modified();
        if (last.isBefore(horizon.at().minus(grace))) {
            return Verdict.GOES;
        }
        return last.isBefore(horizon.at()) ? Verdict.BEHIND : Verdict.NEEDED;
    }

    /** The records that may go. */
    List<QueueMarks.Trim> trims() {
        return List.copyOf(trims);
    }

    /** How many they are. */
    long recordsBehind() {
        return recordsBehind;
    }

    /** What cannot be told, and stops more or less of the cleaning. */
    List<String> obstacles() {
        return List.copyOf(obstacles);
    }

    /** Before when a body of this generation is named by nobody; empty when it can't be told. */
    Optional<Instant> horizon(Generation generation) {
        return Optional.ofNullable(horizons.get(generation)).map(Horizon::at);
    }

    /** What holds the horizon of a generation back most; empty when it can't be told. */
    Optional<String> heldBy(Generation generation) {
        return Optional.ofNullable(horizons.get(generation)).map(Horizon::heldBy);
    }

    private void look(
            Generation generation,
            Duration bound,
            Instant now,
            List<BodyTopic> topics,
            Map<String, List<PartitionMark>> byTopic) {
        Horizon horizon = new Horizon(now, "nothing");
        for (BodyTopic topic : topics) {
            if (!topic.generations().contains(generation)) {
                continue;
            }
            List<PartitionMark> partitions =
                    byTopic.getOrDefault(topic.name(), List.of()).stream()
                            .filter(mark -> mark.group().equals(topic.settler()))
                            .toList();
            if (partitions.isEmpty()) {
                obstacles.add("nothing is known of the partitions of " + topic.name());
                return;
            }
            for (PartitionMark mark : partitions) {
                switch (mark.standing()) {
                    case Standing.Unknown(String why) -> {
                        // Told where the topic's records are looked at.
                        return;
                    }
                    case Standing.Known known -> {
                        Instant due = known.oldest().orElse(now).plus(topic.delay());
                        if (known.oldest().isPresent() && due.isBefore(horizon.at())) {
                            horizon = new Horizon(due, mark.toString());
                        }
                    }
                }
            }
        }
        horizons.put(generation, new Horizon(horizon.at().minus(bound), horizon.heldBy()));
    }

    private void trim(BodyTopic topic, List<PartitionMark> marks) {
        Map<Integer, List<PartitionMark>> partitions = new TreeMap<>();
        for (PartitionMark mark : marks) {
            partitions.computeIfAbsent(mark.partition(), _ -> new ArrayList<>()).add(mark);
        }
        partitions.forEach((partition, ofReaders) -> {
            long before = Long.MAX_VALUE;
            long start = 0;
            int readers = 0;
            for (PartitionMark mark : ofReaders) {
                switch (mark.standing()) {
                    case Standing.Unknown(String why) ->
                            obstacles.add(mark + " cannot be told: " + why);
                    case Standing.Known known -> {
                        if (topic.readers().contains(mark.group())) {
                            readers++;
                            before = Math.min(before, known.mark());
                            start = Math.max(start, known.start());
                        }
                    }
                }
            }
            if (readers == topic.readers().size() && before > start && !topic.isKeptByAge()) {
                trims.add(new QueueMarks.Trim(topic.name(), partition, before));
                recordsBehind += before - start;
            }
        });
    }
}
