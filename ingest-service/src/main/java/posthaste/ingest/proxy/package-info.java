/**
 * The PROXY protocol, versions 1 and 2 (HAProxy's {@code proxy-protocol.txt}): who the client
 * behind a load balancer is. A pure parser; knows no socket and nothing of SMTP.
 */
@NullMarked
package posthaste.ingest.proxy;

import org.jspecify.annotations.NullMarked;
