/**
 * What stands in a store, whoever wrote it: for those who clean it, check it, or rebuild a queue
 * from it. Knows nothing of the queue, so it never decides what may go.
 */
@NullMarked
package posthaste.body.inventory;

import org.jspecify.annotations.NullMarked;
