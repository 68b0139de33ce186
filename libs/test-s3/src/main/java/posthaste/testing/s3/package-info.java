/**
 * A real S3 server (S3Proxy over a folder) with faults in front that can be switched while it runs,
 * and that counts what it is asked: {@link posthaste.testing.s3.S3Server} in this process, {@link
 * posthaste.testing.s3.S3ServerProcess} as one of its own, {@link
 * posthaste.testing.s3.S3ServerControl} to talk to either from outside. Knows nothing of bodies.
 */
@NullMarked
package posthaste.testing.s3;

import org.jspecify.annotations.NullMarked;
