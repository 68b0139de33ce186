package posthaste.ingest.auth;

import java.time.Duration;

/**
 * What one session may try.
 *
 * @param failures after which it is closed
 * @param delay of the reply to its first failure, of twice that to its second, and so on
 */
public record SessionLimits(int failures, Duration delay) {}
