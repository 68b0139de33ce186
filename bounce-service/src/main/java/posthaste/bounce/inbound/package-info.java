/**
 * Mails that come back: bounces, complaints and automatic answers, read ({@link
 * posthaste.bounce.inbound.parse}) and judged ({@link posthaste.bounce.inbound.rules}). Bytes of a
 * mail go in, what it tells of each recipient comes out. Knows nothing of queues, topics or Spring.
 */
@NullMarked
package posthaste.bounce.inbound;

import org.jspecify.annotations.NullMarked;
