package posthaste.ingest.auth.throttle;

import java.time.Duration;

/**
 * How much failing is borne.
 *
 * @param userFailures of one user from addresses that never logged in as him, then he is blocked
 *     from such addresses; and, apart, from one address that did
 * @param addressFailures of one IPv4 address or IPv6 /64 network, then it is blocked
 * @param memory how long without a failure until those before are forgotten: so long a block lasts
 * @param familiar how long an address stays familiar after a login
 */
public record ThrottleSettings(
        int userFailures, int addressFailures, Duration memory, Duration familiar) {}
