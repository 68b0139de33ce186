/**
 * What we let clients do: who may relay, how much a header may hold, whether there is room. Decides
 * and says why in a reply; reads no socket and stores nothing.
 */
@NullMarked
package posthaste.ingest.policy;

import org.jspecify.annotations.NullMarked;
