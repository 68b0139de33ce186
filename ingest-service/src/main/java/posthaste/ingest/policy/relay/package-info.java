/**
 * Who may have mail relayed: by network, by login, by client certificate. Knows what a session has
 * shown, not how it was shown.
 */
@NullMarked
package posthaste.ingest.policy.relay;

import org.jspecify.annotations.NullMarked;
