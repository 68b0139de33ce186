/**
 * What a failure on the way to a next hop means: whom it concerns, whether another host may help,
 * what the recipient's outcome is. The one place of such decisions, by scope, as Postfix's {@code
 * smtp_trouble}. Knows nothing of sockets.
 */
@NullMarked
package posthaste.outbound.failure;

import org.jspecify.annotations.NullMarked;
