package posthaste.body;

/**
 * What a store has done since it was opened; counters only grow, but the last two are of now.
 *
 * @param bodies made durable
 * @param bytes of those bodies
 * @param segments begun
 * @param objects of single large bodies made durable
 * @param forces how often something was forced to disk; far fewer than bodies under load
 * @param refused commits that were answered with {@link StoreUnavailableException}
 * @param cacheHits bodies opened that were still in memory
 * @param cacheMisses bodies opened that had to be read
 * @param failures of a folder or the like, after which it was left alone for a while
 * @param cachedBytes of the memory budget that hold fresh bodies now
 * @param waiting bodies that wait to be made durable now
 */
public record BodyStoreStatistics(
        long bodies,
        long bytes,
        long segments,
        long objects,
        long forces,
        long refused,
        long cacheHits,
        long cacheMisses,
        long failures,
        long cachedBytes,
        long waiting) {}
