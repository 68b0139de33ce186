package posthaste.bench.report;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import posthaste.bench.Measurement;

/**
 * Measurements as plain values, for JSON.
 *
 * @param runs in the order in which they were made
 */
public record Results(List<Run> runs) {
    private static final Map<String, Double> PERCENTILES =
            Map.of("p50", 50.0, "p90", 90.0, "p99", 99.0, "p99.9", 99.9, "max", 100.0);

    /**
     * One run.
     *
     * @param acceptRate mails accepted a second
     * @param relayRate mails a second that went all the way
     * @param dotReplyMillis percentiles, from the end of a message to its reply
     * @param mailMillis percentiles, from a mail's appointed time to its reply
     * @param processorMillis of the relay, a mail; NaN when it was not told
     * @param flushes of the machine's disks, a mail; NaN when they were not counted
     * @param memory most octets of the relay; 0 when it was not told
     */
    public record Run(
            String relay,
            String durability,
            String scenario,
            int mails,
            int sessions,
            int accepted,
            Map<Integer, Integer> refused,
            int lost,
            int arrived,
            long duplicates,
            double acceptRate,
            double relayRate,
            Map<String, Double> dotReplyMillis,
            Map<String, Double> mailMillis,
            double processorMillis,
            double flushes,
            long memory,
            long connectionsOut) {}

    public static Results of(List<Measurement> measurements) {
        return new Results(measurements.stream().map(Results::run).toList());
    }

    private static Run run(Measurement m) {
        return new Run(
                m.relay(),
                m.durability(),
                m.scenario().name(),
                m.scenario().mails(),
                m.scenario().sessions(),
                m.sent().accepted(),
                m.sent().refused(),
                m.sent().lost(),
                m.arrived(),
                m.duplicates(),
                m.sent().rate(),
                m.relayRate(),
                millis(m.sent().dotReply()),
                millis(m.sent().mail()),
                m.processorMillis().orElse(Double.NaN),
                m.flushesPerMail().orElse(Double.NaN),
                m.memory().orElse(0L),
                m.connectionsOut());
    }

    private static Map<String, Double> millis(Histogram histogram) {
        Map<String, Double> values = new TreeMap<>();
        PERCENTILES.forEach((name, percentile) ->
                values.put(name, histogram.getValueAtPercentile(percentile) / 1e3));
        return values;
    }
}
