package posthaste.ingest.http;

import java.time.Duration;

/**
 * How long a request's body is waited for.
 *
 * @param timeout for the whole of it
 * @param grace before its rate counts
 * @param rate octets a second that it must bring on average then
 */
public record BodyPatience(Duration timeout, Duration grace, long rate) {}
