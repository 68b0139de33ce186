package posthaste.ingest.dkim;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** How many signatures were made. */
final class SignatureMetrics {
    private final Map<KeyAlgorithm, Counter> signatures = new EnumMap<>(KeyAlgorithm.class);

    SignatureMetrics(MeterRegistry registry) {
        Arrays.stream(KeyAlgorithm.values())
                .forEach(algorithm ->
                        signatures.put(
                                algorithm,
                                Counter.builder("posthaste.dkim.signatures")
                                        .description("DKIM signatures made, by kind of key")
                                        .tag("algorithm", algorithm.tag())
                                        .register(registry)));
    }

    void signed(Collection<SigningKey> keys) {
        for (SigningKey key : keys) {
            Counter counter = signatures.get(key.algorithm());
            if (counter != null) {
                counter.increment();
            }
        }
    }
}
