package posthaste.ingest.content;

import java.time.Duration;

/**
 * How a scanner is asked, whatever its protocol.
 *
 * @param deadline of its verdict
 * @param whenAway what becomes of a mail that it does not judge in time
 * @param maxSize in octets; larger messages are not shown to it
 * @param whenTooLarge what becomes of those
 * @param concurrency messages that it gets at once from this process
 * @param downAfter failures in a row after which an address counts as away
 * @param probeInterval after which one looks whether it is back
 */
public record ScannerSettings(
        Duration deadline,
        WithoutVerdict whenAway,
        long maxSize,
        WithoutVerdict whenTooLarge,
        int concurrency,
        int downAfter,
        Duration probeInterval) {}
