package posthaste.body.inventory;

import java.time.Instant;
import posthaste.body.segment.BodyKey;

/**
 * A segment or a single large body, as the store lists it.
 *
 * @param size in bytes, as of the listing; an open segment still grows
 * @param modified when something was written to it last, by the store's own clock: unlike the slot
 *     in its key it doesn't depend on the clock of the process that wrote it
 */
public record StoredObject(BodyKey key, long size, Instant modified) {}
