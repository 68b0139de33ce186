/**
 * Failed logins: counted by user and by address over all instances, which tell each other of them;
 * who has failed too often waits. Knows no mechanism and no user, and keeps no name in the clear.
 */
@NullMarked
package posthaste.ingest.auth.throttle;

import org.jspecify.annotations.NullMarked;
