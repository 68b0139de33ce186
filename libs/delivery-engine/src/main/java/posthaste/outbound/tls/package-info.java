/**
 * What TLS a session with a next hop must, may or need not have. Knows nothing of SMTP; MTA-STS,
 * DANE and required TLS are policies to come.
 */
@NullMarked
package posthaste.outbound.tls;

import org.jspecify.annotations.NullMarked;
