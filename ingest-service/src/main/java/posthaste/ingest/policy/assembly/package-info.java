/**
 * Puts the policies together: the policy file and what it is read with, counters, stress, and what
 * of them a listener asks in which order. Decides nothing itself.
 */
@NullMarked
package posthaste.ingest.policy.assembly;

import org.jspecify.annotations.NullMarked;
