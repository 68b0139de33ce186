/**
 * The queue on Kafka: thin loops that do the I/O for the pure parts beside this package. The only
 * package that knows Kafka's client.
 */
@NullMarked
package posthaste.queue.kafka;

import org.jspecify.annotations.NullMarked;
