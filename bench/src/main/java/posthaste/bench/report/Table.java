package posthaste.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import posthaste.bench.Measurement;

/** Measurements as a table of text, in the order in which they were made. */
public final class Table {
    private static final String FORM = "%-40s %9s %9s %7s %8s %6s %8s %8s %8s";
    private static final double MIB = 1024.0 * 1024;

    private Table() {}

    /** The lines, with a head and a foot that says what the durabilities were. */
    public static List<String> of(List<Measurement> measurements) {
        List<String> lines = new ArrayList<>();
        lines.add(
                FORM.formatted(
                        "",
                        "accept/s",
                        "relay/s",
                        "CPU ms",
                        "flushes",
                        "MiB",
                        "dot p50",
                        "dot p99",
                        "out"));
        for (Measurement m : measurements) {
            Histogram dot = m.sent().dotReply();
            lines.add(
                    FORM.formatted(
                                    m.relay() + ", " + m.scenario().name(),
                                    number(m.sent().rate(), 0),
                                    number(m.relayRate(), 0),
                                    number(m.processorMillis(), 2),
                                    number(m.flushesPerMail(), 2),
                                    m.memory().map(octets -> number(octets / MIB, 0)).orElse("-"),
                                    number(dot.getValueAtPercentile(50) / 1e3, 1),
                                    number(dot.getValueAtPercentile(99) / 1e3, 1),
                                    m.connectionsOut())
                            + (m.isWhole() ? "" : "  " + faults(m)));
        }
        measurements.stream()
                .map(m -> m.relay() + ": " + m.durability())
                .distinct()
                .forEach(lines::add);
        return lines;
    }

    /** What is not as it should be. */
    private static String faults(Measurement m) {
        return "of %d accepted %d, refused %s, lost %d, arrived %d, duplicates %d"
                .formatted(
                        m.scenario().mails(),
                        m.sent().accepted(),
                        m.sent().refused(),
                        m.sent().lost(),
                        m.arrived(),
                        m.duplicates());
    }

    private static String number(OptionalDouble value, int decimals) {
        return value.isPresent() ? number(value.getAsDouble(), decimals) : "-";
    }

    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
