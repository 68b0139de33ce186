/**
 * What TLS a session with a next hop must, may or need not have. Knows nothing of SMTP; MTA-STS and
 * DANE are policies to come.
 */
@NullMarked
package posthaste.outbound.tls;

import org.jspecify.annotations.NullMarked;
