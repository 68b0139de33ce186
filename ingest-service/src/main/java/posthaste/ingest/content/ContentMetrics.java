package posthaste.ingest.content;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** How scanners judge, and how long they take. */
public final class ContentMetrics {
    private final MeterRegistry registry;

    public ContentMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Of a verdict that the scanner itself gave. */
    static String nameOf(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accept _ -> "accept";
            case Verdict.Quarantine _ -> "quarantine";
            case Verdict.Defer _ -> "defer";
            case Verdict.Refuse _ -> "refuse";
        };
    }

    /** A scanner has, or has not, judged. */
    void told(String scanner, String verdict, long nanos) {
        Counter.builder("posthaste.content.verdicts")
                .description(
                        "Verdicts of scanners; away, late, busy and too-large: without a verdict")
                .tag("scanner", scanner)
                .tag("verdict", verdict)
                .register(registry)
                .increment();
        Timer.builder("posthaste.content.scan")
                .description("From the end of a message to a scanner's verdict")
                .publishPercentileHistogram()
                .tag("scanner", scanner)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    void watch(String scanner, Inspector inspector, ToDoubleFunction<Inspector> placesUp) {
        Gauge.builder("posthaste.content.scanners.up", inspector, placesUp)
                .description("Addresses of a scanner that do not count as away")
                .tag("scanner", scanner)
                .register(registry);
    }
}
