/**
 * ingest-service: accepts mail by SMTP and HTTP. {@link posthaste.ingest.IngestFlow} is the map of
 * the service, {@link posthaste.ingest.IngestConfiguration} puts it together. What happens to a
 * mail after its {@code 250} is not known here.
 */
@NullMarked
package posthaste.ingest;

import org.jspecify.annotations.NullMarked;
