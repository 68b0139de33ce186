/**
 * A message's header as its fields, each with its octets as they were submitted, and the addresses
 * in them (RFC 5322). Knows nothing of where a message comes from, and changes nothing of it.
 */
@NullMarked
package posthaste.ingest.message;

import org.jspecify.annotations.NullMarked;
