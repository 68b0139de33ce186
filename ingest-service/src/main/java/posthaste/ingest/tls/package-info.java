/**
 * TLS of the listeners: certificates that are exchanged while we run, what is allowed of protocols
 * and suites, and the channel that carries a session. Knows neither SMTP nor listeners.
 */
@NullMarked
package posthaste.ingest.tls;

import org.jspecify.annotations.NullMarked;
