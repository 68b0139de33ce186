/** A mail's story as lines for a terminal. Knows the delivery log's records, not where they are. */
@NullMarked
package posthaste.standalone.trace;

import org.jspecify.annotations.NullMarked;
