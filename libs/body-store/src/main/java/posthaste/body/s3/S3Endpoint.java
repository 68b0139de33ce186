package posthaste.body.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the service is and how it is spoken to.
 *
 * @param uri none: Amazon's own of the region
 * @param region that requests are signed for
 * @param pathStyle the bucket is in the path, not in the host name
 * @param credentials who we are
 * @param maxConnections at once
 * @param authorities file of PEM certificates that the service's may come from; none: those that
 *     the JVM trusts
 */
public record S3Endpoint(
        Optional<URI> uri,
        String region,
        boolean pathStyle,
        S3Credentials credentials,
        int maxConnections,
        Optional<Path> authorities) {

    /** As an operator knows it. */
    String name() {
        return uri.map(URI::toString).orElse("Amazon S3 in " + region);
    }
}
