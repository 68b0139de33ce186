/**
 * The delivery log: every acceptance and every event in PostgreSQL, written in batches with the
 * queue's offsets in the same transaction, partitioned by day of acceptance, and searched by
 * support. Nothing in the house waits for it. Knows nothing of Kafka, of the web page, or of who
 * judges what the log says.
 */
@NullMarked
package posthaste.bounce.deliverylog;

import org.jspecify.annotations.NullMarked;
