package posthaste.bounce.charts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import posthaste.bounce.charts.Chart.Point;
import posthaste.bounce.deliverylog.ChartQuestion;
import posthaste.bounce.deliverylog.LogCharts;
import posthaste.bounce.deliverylog.LogCharts.By;
import posthaste.bounce.deliverylog.LogCharts.Counts;
import posthaste.bounce.deliverylog.LogCharts.Destination;
import posthaste.bounce.deliverylog.LogCharts.Series;
import posthaste.bounce.deliverylog.LogUnavailableException;

/** All charts about one question. */
public final class Charts {
    private static final Set<String> BOUNCES = Set.of("FAILED", "RETURNED");
    private static final int CLASSES = 8;
    private static final int PROVIDERS = 8;
    private static final int DESTINATIONS = 20;
    private static final double MILLIS = 1000.0;
    private static final double PERCENT = 100.0;

    private final LogCharts log;
    private final QueueSamples samples;
    private final StorageSamples storage;

    public Charts(LogCharts log, QueueSamples samples, StorageSamples storage) {
        this.log = log;
        this.samples = samples;
        this.storage = storage;
    }

    /** In the order in which a page has them. */
    public List<Chart> all(ChartQuestion question) throws LogUnavailableException {
        List<Chart> charts = new ArrayList<>();
        charts.add(
                counts(
                        "flow",
                        "Mail",
                        "Recipients accepted, delivered, put off and refused.",
                        log.counts(
                                question,
                                Set.of(LogCharts.ACCEPTED, "DELIVERED", "DEFERRED", "FAILED"),
                                By.OUTCOME,
                                CLASSES)));
        charts.add(
                counts(
                        "hardness",
                        "Hard and soft bounces",
                        "Refused for good because of the address itself (hard), or for another"
                                + " reason (soft).",
                        log.counts(question, Set.of("FAILED"), By.HARDNESS, CLASSES)));
        charts.add(
                counts(
                        "classes",
                        "Bounces by class",
                        "What the refusals meant, those that came back later included.",
                        log.counts(question, BOUNCES, By.BOUNCE_CLASS, CLASSES)));
        charts.add(
                counts(
                        "hard-providers",
                        "Hard bounces by provider",
                        "By who runs the servers of the recipients' domains, as far as their names"
                                + " tell.",
                        log.counts(question, BOUNCES, By.HARD_PROVIDER, PROVIDERS)));
        charts.add(
                counts(
                        "soft-providers",
                        "Soft bounces by provider",
                        "The same of those that the address itself is not to blame for.",
                        log.counts(question, BOUNCES, By.SOFT_PROVIDER, PROVIDERS)));
        charts.add(latency(question));
        charts.add(encryption(question));
        if (question.stream().isEmpty() && question.domain().isEmpty()) {
            charts.addAll(samples.charts(question.from(), question.to(), question.step()));
            charts.add(storage.chart(question.from(), question.to(), question.step()));
        }
        return charts;
    }

    /** Where mail went, the largest first. */
    public List<Destination> destinations(ChartQuestion question) throws LogUnavailableException {
        return log.destinations(question, DESTINATIONS);
    }

    private static Chart counts(String id, String title, String tells, Counts counts) {
        List<Point> points =
                IntStream.range(0, counts.points())
                        .mapToObj(i ->
                                new Point(
                                        counts.at(i),
                                        counts.series().stream()
                                                .map(one ->
                                                        Optional.of((double) one.values().get(i)))
                                                .toList()))
                        .toList();
        return new Chart(
                id,
                title,
                tells,
                "recipients",
                counts.series().stream().map(Charts::name).toList(),
                points);
    }

    private static String name(Series series) {
        return series.name().isEmpty()
                ? "other"
                : series.name()
                        .toLowerCase(Locale.ROOT)
                        .replace('_', ' ')
                        .replace("failed", "refused");
    }

    private Chart latency(ChartQuestion question) throws LogUnavailableException {
        return new Chart(
                "latency",
                "Time to deliver",
                "From acceptance to delivery: half of the mail was faster than p50, all but one in"
                        + " a hundred faster than p99.",
                "seconds",
                List.of("p50", "p95", "p99"),
                log.latency(question).stream()
                        .map(step ->
                                new Point(
                                        step.at(),
                                        List.of(
                                                seconds(step.p50()),
                                                seconds(step.p95()),
                                                seconds(step.p99()))))
                        .toList());
    }

    private Chart encryption(ChartQuestion question) throws LogUnavailableException {
        return new Chart(
                "tls",
                "Encrypted deliveries",
                "The share of deliveries that went by TLS.",
                "%",
                List.of("TLS"),
                log.encryption(question).stream()
                        .map(step ->
                                new Point(
                                        step.at(),
                                        List.of(
                                                step.deliveries() == 0
                                                        ? Optional.empty()
                                                        : Optional.of(
                                                                PERCENT
                                                                        * step.encrypted()
                                                                        / step.deliveries()))))
                        .toList());
    }

    private static Optional<Double> seconds(Optional<Duration> time) {
        return time.map(value -> value.toMillis() / MILLIS);
    }
}
