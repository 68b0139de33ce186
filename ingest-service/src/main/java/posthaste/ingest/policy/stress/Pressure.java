package posthaste.ingest.policy.stress;

import java.util.function.DoubleSupplier;

/**
 * A resource that can run out.
 *
 * @param name in logs and metrics
 * @param share of it that is in use, 0 to 1; asked several times a second
 */
public record Pressure(String name, DoubleSupplier share) {}
