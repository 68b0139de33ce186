package posthaste.standalone.check;

import java.util.List;

/**
 * How queue and bodies fit together.
 *
 * @param records in queues that name a body
 * @param bodies that they name, each counted once
 * @param missing records whose body is confirmed not to be there: loss
 * @param damaged records whose body is not what was stored: loss
 * @param lost some of those
 * @param objects in the store
 * @param bytes of them
 * @param orphans objects that no record names, older than the grace: garbage, which the janitor
 *     takes
 * @param orphanBytes of them
 * @param removed of these, by repair
 * @param entries read in all objects, when all were to be read
 * @param damagedEntries of those
 * @param damagedBytes that are no entry, likewise; what a crash tore off a segment's end is among
 *     them
 * @param damagedObjects some of the objects with damage
 */
public record StoreReport(
        long records,
        long bodies,
        long missing,
        long damaged,
        List<Lost> lost,
        long objects,
        long bytes,
        long orphans,
        long orphanBytes,
        long removed,
        long entries,
        long damagedEntries,
        long damagedBytes,
        List<String> damagedObjects) {

    /**
     * A record that can't be delivered.
     *
     * @param problem {@code missing} or {@code damaged}
     */
    public record Lost(
            String id, String topic, int partition, long offset, String body, String problem) {}

    public StoreReport {
        lost = List.copyOf(lost);
        damagedObjects = List.copyOf(damagedObjects);
    }

    /** Whether a person has to look. */
    public boolean hasLoss() {
        return missing > 0 || damaged > 0 || damagedEntries > 0;
    }
}
