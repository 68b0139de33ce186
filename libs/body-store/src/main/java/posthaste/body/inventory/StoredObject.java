package posthaste.body.inventory;

import posthaste.body.segment.BodyKey;

/**
 * A segment or a single large body, as the store lists it.
 *
 * @param size in bytes, as of the listing; an open segment still grows
 */
public record StoredObject(BodyKey key, long size) {}
