/**
 * The queue rebuilt from what else there is, after the loss of all of Kafka: every intact entry of
 * every body segment, less what the delivery log knows as settled. Knows nothing of commands and
 * their printing.
 */
@NullMarked
package posthaste.standalone.recovery;

import org.jspecify.annotations.NullMarked;
