/**
 * What comes with Posthaste to run it in containers: the images of the services, {@code
 * docker-compose.yml} and all that it mounts, held to the code and brought up for real. It must not
 * know how a service is built inside.
 */
@NullMarked
package posthaste.acceptance.compose;

import org.jspecify.annotations.NullMarked;
