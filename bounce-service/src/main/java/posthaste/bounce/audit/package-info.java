/**
 * The audit: proves that every accepted recipient is delivered, bounced, expired, removed or queued
 * (DESIGN 3, invariant 2), and names those that are not; and the view of what is queued by
 * destination. What is queued is counted from topics and ledgers, never as the log's remainder.
 * Knows nothing of SQL or Kafka.
 */
@NullMarked
package posthaste.bounce.audit;

import org.jspecify.annotations.NullMarked;
