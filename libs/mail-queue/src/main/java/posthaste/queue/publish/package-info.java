/**
 * Which partition a record goes to (DESIGN 6), as pure logic with the time passed in. No meaning
 * hangs on partitions, so they can be added. Knows nothing of Kafka.
 */
@NullMarked
package posthaste.queue.publish;

import org.jspecify.annotations.NullMarked;
