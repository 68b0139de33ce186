package posthaste.outbound.destination;

import java.time.Instant;
import java.util.Optional;

/**
 * A destination as monitoring shows it.
 *
 * @param limit attempts at once that it gets now
 * @param busy attempts under way
 * @param idle open connections that nobody uses
 * @param waiting jobs that wait for a slot
 * @param downSince when it was found down
 */
public record DestinationSnapshot(
        String name, int limit, int busy, int idle, int waiting, Optional<Instant> downSince) {}
