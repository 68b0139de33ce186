/**
 * What of a partition is settled, as a pure state machine: fed with offsets, asked for commits.
 * Knows neither Kafka nor records, threads or clocks.
 */
@NullMarked
package posthaste.queue.ledger;

import org.jspecify.annotations.NullMarked;
