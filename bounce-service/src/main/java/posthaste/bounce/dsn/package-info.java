/**
 * Delivery status notifications: who is told of what (RFC 3461), and the report itself (RFC 3464,
 * RFC 6522, RFC 6533). A notice goes in, the bytes of a mail come out. Knows nothing of queues,
 * topics or Spring, and of the body store only how a stored body is read.
 */
@NullMarked
package posthaste.bounce.dsn;

import org.jspecify.annotations.NullMarked;
