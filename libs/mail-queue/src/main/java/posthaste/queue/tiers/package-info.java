/**
 * When a waiting record is due, as pure logic with a clock passed in: all records of a delay tier
 * wait equally long, so only the head of each partition has to be looked at (DESIGN 8). Knows
 * nothing of Kafka.
 */
@NullMarked
package posthaste.queue.tiers;

import org.jspecify.annotations.NullMarked;
