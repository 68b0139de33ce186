/**
 * The queue's contract in memory, for tests of what stands on the queue: everything but durability.
 * Knows nothing of Kafka.
 */
@NullMarked
package posthaste.queue.memory;

import org.jspecify.annotations.NullMarked;
