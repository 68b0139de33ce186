/**
 * A mail queue on a log: records leave it only by settlement, in any order, and what settling one
 * leads to is durable before its offset is committed (DESIGN 6). Kafka is known in {@code
 * posthaste.queue.kafka} alone. What the records mean, and SMTP, are not known here.
 */
@NullMarked
package posthaste.queue;

import org.jspecify.annotations.NullMarked;
