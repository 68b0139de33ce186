package posthaste.ingest.policy;

import java.time.Duration;

/**
 * How much less patience a session gets while the process is under pressure; each holds where it is
 * stricter than the listener's own limit.
 *
 * @param commandTimeout for one command line
 * @param dataGrace before a message's rate counts
 * @param dataRate octets a second that a message must bring
 * @param errors of a session
 * @param idleCommands of a session
 */
public record Haste(
        Duration commandTimeout, Duration dataGrace, long dataRate, int errors, int idleCommands) {}
