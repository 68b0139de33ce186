package posthaste.ingest.submitter;

import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * The TLS of a session.
 *
 * @param protocol as {@code TLSv1.3}
 * @param cipher the suite's name
 * @param certificate of the client, verified; empty when it showed none
 */
public record TlsFacts(String protocol, String cipher, Optional<X509Certificate> certificate) {}
