/**
 * Sends mail, by as many sessions as asked for, as fast as they are answered or by a schedule, and
 * notes how long each answer took. Knows nothing of what it sends to.
 */
@NullMarked
package posthaste.bench.load;

import org.jspecify.annotations.NullMarked;
