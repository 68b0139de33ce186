/**
 * From the first octet of a message to its {@code 250}: stamp it with our Received field, store the
 * body, publish one record, acknowledge (DESIGN 3, invariant 1). The steps of {@link
 * posthaste.ingest.IngestFlow}. Knows neither SMTP commands nor sockets, so that another way of
 * submission can use it.
 */
@NullMarked
package posthaste.ingest.accept;

import org.jspecify.annotations.NullMarked;
