package posthaste.bounce.charts;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One chart: some series over one time axis.
 *
 * @param id as {@code latency}
 * @param tells what it shows, in a sentence
 * @param unit of the values: {@code mails}, {@code seconds}, {@code %}
 * @param series their names
 * @param points each with a value a series; none where there is nothing to measure
 */
public record Chart(
        String id,
        String title,
        String tells,
        String unit,
        List<String> series,
        List<Point> points) {

    /** What was in the step that begins then. */
    public record Point(Instant at, List<Optional<Double>> values) {
        public Point {
            values = List.copyOf(values);
        }
    }

    public Chart {
        series = List.copyOf(series);
        points = List.copyOf(points);
    }

    /** Whether there is anything to see. */
    public boolean isEmpty() {
        return points.stream()
                .flatMap(point -> point.values().stream())
                .allMatch(value -> value.isEmpty() || value.get() == 0);
    }
}
