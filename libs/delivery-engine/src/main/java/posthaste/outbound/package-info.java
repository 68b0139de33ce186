/**
 * The delivery engine: where a domain's mail goes, how many at once, and the SMTP client that sends
 * it (DESIGN 7). {@link posthaste.outbound.DeliveryEngine} is the front door. Knows nothing of
 * queues, topics or Spring.
 */
@NullMarked
package posthaste.outbound;

import org.jspecify.annotations.NullMarked;
