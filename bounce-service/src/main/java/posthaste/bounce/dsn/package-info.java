/**
 * Delivery status notifications: who is told of what (RFC 3461), and the report itself (RFC 3464,
 * RFC 6522, RFC 6533). A notice goes in, the bytes of a mail come out; what people read in it is a
 * template. Knows nothing of queues, topics or, but for the template engine, Spring, and of the
 * body store only how a stored body is read.
 */
@NullMarked
package posthaste.bounce.dsn;

import org.jspecify.annotations.NullMarked;
