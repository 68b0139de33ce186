package posthaste.bounce.returned;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import posthaste.bounce.returned.Matched.Told;

/** What came back, by what it told and by how it was matched. */
final class ReportMetrics {
    private final MeterRegistry registry;

    ReportMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void settled(Matched matched) {
        if (matched.told().isEmpty()) {
            count("none", "none", "no");
        }
        for (Told told : matched.told()) {
            count(
                    SettleReport.kind(matched.report(), told.finding()).name(),
                    told.finding().bounceClass().name(),
                    told.isProved() ? "proved" : "claimed");
        }
    }

    private void count(String kind, String bounceClass, String match) {
        Counter.builder("posthaste.reports")
                .description("What came back, by recipient: of which kind and class, how matched")
                .tag("kind", tag(kind))
                .tag("class", tag(bounceClass))
                .tag("match", match)
                .register(registry)
                .increment();
    }

    private static String tag(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
