package posthaste.ingest.dkim;

import java.time.Duration;

/**
 * How signatures are made.
 *
 * @param parents whether the key of a parent domain signs for a domain that has none
 * @param validity after which a signature counts no more ({@code x} tag); zero: for ever
 */
public record SigningSettings(
        Canonicalization header,
        Canonicalization body,
        SignedFields fields,
        boolean parents,
        Duration validity) {}
