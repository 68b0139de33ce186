package posthaste.fallback.janitor;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import posthaste.body.Generation;

/**
 * What a run found and did.
 *
 * @param at when it began, by this machine's clock
 * @param certain the time that had certainly come by then
 * @param horizons before when a body of a generation is named by nobody; none: it can't be told
 * @param heldBy what holds each horizon back most
 * @param obstacles what cannot be told, in sentences
 * @param objects removed, and {@code bytes} of them
 * @param records removed
 * @param unfinished remains of dead processes removed
 * @param storedBytes that are left in the store
 * @param behindBytes of them, that nobody needs and that wait for the grace
 * @param untold objects that were left since nobody knows who needs their generation
 */
record CleaningReport(
        Instant at,
        Instant certain,
        Map<Generation, Instant> horizons,
        Map<Generation, String> heldBy,
        List<String> obstacles,
        long objects,
        long bytes,
        long records,
        int unfinished,
        long storedBytes,
        long behindBytes,
        long untold) {
    CleaningReport {
        horizons = Map.copyOf(horizons);
        heldBy = Map.copyOf(heldBy);
        obstacles = List.copyOf(obstacles);
    }

    boolean didSomething() {
        return objects > 0 || records > 0 || unfinished > 0;
    }

    /** Of what is stored, the part that nobody needs any more; 0 to 1. */
    double garbageShare() {
        return storedBytes == 0 ? 0 : (double) behindBytes / storedBytes;
    }
}
