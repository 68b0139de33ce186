package posthaste.bounce.deliverylog;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Figures over time, for charts: of the rollup, which batches keep up as they are written. So they
 * are as fresh as the log, and cost the same however many mails there are.
 */
public final class LogCharts {
    /** The outcome of an acceptance; the others are the names of event kinds. */
    public static final String ACCEPTED = "ACCEPTED";

    /** What the series of all that has none of its own is called. */
    public static final String REST = "";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String SOME =
            """
            FROM rollup
            WHERE start >= to_timestamp(? / 1000.0) AND start < to_timestamp(? / 1000.0)
                AND (?::text IS NULL OR stream = ?)
                AND (?::text IS NULL OR domain = ?)
                AND (?::text IS NULL OR bounce_class = ?)
                AND (cardinality(?) = 0 OR outcome = ANY (?))
            """;

    /** Steps from the beginning of the chart. */
    private static final String POINT =
            "floor((extract(epoch FROM start) * 1000 - ?) / ?)::integer AS point";

    private final LogDatabase database;
    private final InstantSource clock;
    private final RollupSteps steps;
    private final Timer questions;

    public LogCharts(
            LogDatabase database, InstantSource clock, RollupSteps steps, MeterRegistry meters) {
        this.database = database;
        this.clock = clock;
        this.steps = steps;
        this.questions = LogSearch.timer(meters, "chart");
    }

    /** What the series of a chart tell apart. */
    public enum By {
        NOTHING("''"),
        /** {@link #ACCEPTED} or an event's kind. */
        OUTCOME("outcome"),
        STREAM("stream"),
        /** The recipient's; {@link #REST} for all that are not among the chart domains. */
        DOMAIN("domain"),
        /** Of hard refusals, who runs the servers of the recipient's domain, else the domain. */
        HARD_PROVIDER("CASE WHEN hard THEN domain END"),
        /** The same of soft ones. */
        SOFT_PROVIDER("CASE WHEN NOT hard THEN domain END"),
        /** {@code BounceClass}; empty for what is no refusal. */
        BOUNCE_CLASS("bounce_class"),
        /** {@code hard} or {@code soft}; empty for what is no refusal. */
        HARDNESS("CASE WHEN bounce_class = '' THEN '' WHEN hard THEN 'hard' ELSE 'soft' END");

        private final String sql;

        boolean isProvider() {
            return this == HARD_PROVIDER || this == SOFT_PROVIDER;
        }

        /** Whether all that has no series of its own is in {@link #REST}. */
        boolean hasRest() {
            return this == DOMAIN || isProvider();
        }

        By(String sql) {
            this.sql = sql;
        }
    }

    /**
     * One line of a chart.
     *
     * @param values one a step; none is missing
     */
    public record Series(String name, List<Long> values, long total) {
        public Series {
            values = List.copyOf(values);
        }
    }

    /**
     * A chart of counts.
     *
     * @param from of the first step
     * @param step the one asked for, or a longer one where the figures are kept by longer ones
     * @param series the largest first, {@link #REST} last
     */
    public record Counts(Instant from, Duration step, int points, List<Series> series) {
        public Counts {
            series = List.copyOf(series);
        }

        /** When a step begins. */
        public Instant at(int point) {
            return from.plus(step.multipliedBy(point));
        }
    }

    /** Times from acceptance to delivery within one step; of no deliveries there are none. */
    public record Latency(
            Instant at,
            long deliveries,
            Optional<Duration> p50,
            Optional<Duration> p95,
            Optional<Duration> p99) {}

    /**
     * Deliveries within one step.
     *
     * @param encrypted by TLS
     */
    public record Encryption(Instant at, long deliveries, long encrypted) {}

    /**
     * A destination over the whole time of a question.
     *
     * @param domain {@link #REST} for all that have no figures of their own
     * @param hard refused for good, by the class
     * @param soft refused or put off, otherwise
     * @param returned bounces that came back after delivery
     */
    public record Destination(
            String domain,
            long accepted,
            long delivered,
            long deferred,
            long hard,
            long soft,
            long returned,
            long complaints,
            Latency latency) {}

    /**
     * Counts by step.
     *
     * @param outcomes that are counted; none: all
     * @param most series; the smaller ones are added to {@link #REST}
     */
    public Counts counts(ChartQuestion question, Set<String> outcomes, By by, int most)
            throws LogUnavailableException {
        Axis axis = axis(question);
        String sql =
                "SELECT "
                        + POINT
                        + ", "
                        + by.sql
                        + " AS name, sum(events) "
                        + SOME
                        + "GROUP BY 1, 2 HAVING sum(events) <> 0";
        Map<String, String> providers = by.isProvider() ? providers() : Map.of();
        Map<String, long[]> found = new TreeMap<>();
        ask(
                sql,
                axis,
                question,
                outcomes,
                row -> {
                    String name = row.getString(2);
                    if (name != null) {
                        found.computeIfAbsent(
                                                providers.getOrDefault(name, name),
                                                _ -> new long[axis.points()])[row.getInt(1)] +=
                                row.getLong(3);
                    }
                });
        return new Counts(axis.from(), axis.step(), axis.points(), series(found, by, most));
    }

    /** How long deliveries took, by step. */
    public List<Latency> latency(ChartQuestion question) throws LogUnavailableException {
        Axis axis = axis(question);
        String sql =
                "SELECT "
                        + POINT
                        + ", "
                        + LatencyBuckets.columns("coalesce(sum(w%1$d), 0)")
                        + " "
                        + SOME
                        + "GROUP BY 1";
        Map<Integer, long[]> found = new LinkedHashMap<>();
        ask(sql, axis, question, DELIVERED, row -> found.put(row.getInt(1), buckets(row, 2)));
        List<Latency> all = new ArrayList<>();
        for (int point = 0; point < axis.points(); point++) {
            all.add(
                    latency(
                            axis.at(point),
                            found.getOrDefault(point, new long[LatencyBuckets.COUNT])));
        }
        return all;
    }

    /** How many deliveries went by TLS, by step. */
    public List<Encryption> encryption(ChartQuestion question) throws LogUnavailableException {
        Axis axis = axis(question);
        String sql = "SELECT " + POINT + ", sum(events), sum(encrypted) " + SOME + "GROUP BY 1";
        Map<Integer, Encryption> found = new LinkedHashMap<>();
        ask(
                sql,
                axis,
                question,
                DELIVERED,
                row ->
                        found.put(
                                row.getInt(1),
                                new Encryption(
                                        axis.at(row.getInt(1)), row.getLong(2), row.getLong(3))));
        List<Encryption> all = new ArrayList<>();
        for (int point = 0; point < axis.points(); point++) {
            all.add(found.getOrDefault(point, new Encryption(axis.at(point), 0, 0)));
        }
        return all;
    }

    /**
     * The destinations that most was accepted for, over the whole time.
     *
     * @param most of them; {@link #REST} comes besides, last
     */
    public List<Destination> destinations(ChartQuestion question, int most)
            throws LogUnavailableException {
        Axis axis = axis(question);
        String sql =
                """
                SELECT domain,
                    coalesce(sum(events) FILTER (WHERE outcome = 'ACCEPTED'), 0),
                    coalesce(sum(events) FILTER (WHERE outcome = 'DELIVERED'), 0),
                    coalesce(sum(events) FILTER (WHERE outcome = 'DEFERRED'), 0),
                    coalesce(sum(events) FILTER (WHERE outcome = 'FAILED' AND hard), 0),
                    coalesce(sum(events) FILTER (WHERE outcome = 'FAILED' AND NOT hard), 0),
                    coalesce(sum(events) FILTER (WHERE outcome = 'RETURNED'), 0),
                    coalesce(sum(events) FILTER (WHERE outcome = 'COMPLAINED'), 0),
                    coalesce(sum(events), 0),
                """
                        + LatencyBuckets.columns("coalesce(sum(w%1$d), 0)")
                        + " "
                        + SOME
                        + "GROUP BY domain ORDER BY domain = '', 2 DESC, 9 DESC, domain";
        List<Destination> all = new ArrayList<>();
        ask(
                sql,
                new Axis(axis.from(), axis.step(), axis.points(), false),
                question,
                Set.of(),
                row -> {
                    String domain = row.getString(1);
                    if (all.size() < most || domain.equals(REST)) {
                        all.add(
                                new Destination(
                                        domain,
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getLong(4),
                                        row.getLong(5),
                                        row.getLong(6),
                                        row.getLong(7),
                                        row.getLong(8),
                                        latency(axis.from(), buckets(row, 10))));
                    }
                });
        return all;
    }

    private Map<String, String> providers() throws LogUnavailableException {
        try (Connection connection = database.connection()) {
            return Providers.read(connection);
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
    }

    private static final Set<String> DELIVERED = Set.of("DELIVERED");

    private Axis axis(ChartQuestion question) {
        Duration step = steps.stepFor(question.from(), question.step(), clock.instant());
        long length = step.toMillis();
        long from = Math.floorDiv(question.from().toEpochMilli(), length) * length;
        long to = -Math.floorDiv(-question.to().toEpochMilli(), length) * length;
        return new Axis(Instant.ofEpochMilli(from), step, (int) ((to - from) / length), true);
    }

    private static List<Series> series(Map<String, long[]> found, By by, int most) {
        List<Series> named = new ArrayList<>();
        found.forEach((name, values) -> named.add(series(name, values)));
        boolean mayRest = by.hasRest();
        named.sort(
                Comparator.comparing((Series one) -> mayRest && one.name().equals(REST))
                        .thenComparing(Comparator.comparingLong(Series::total).reversed())
                        .thenComparing(Series::name));
        long apart = named.stream().filter(one -> !mayRest || !one.name().equals(REST)).count();
        if (apart <= most) {
            return named;
        }
        List<Series> kept = new ArrayList<>(named.subList(0, most));
        long[] rest = new long[kept.isEmpty() ? 0 : kept.getFirst().values().size()];
        for (Series small : named.subList(most, named.size())) {
            for (int point = 0; point < rest.length; point++) {
                rest[point] += small.values().get(point);
            }
        }
        kept.add(series(REST, rest));
        return kept;
    }

    private static Series series(String name, long[] values) {
        List<Long> boxed = new ArrayList<>(values.length);
        long total = 0;
        for (long value : values) {
            boxed.add(value);
            total += value;
        }
        return new Series(name, boxed, total);
    }

    private static Latency latency(Instant at, long[] buckets) {
        long deliveries = 0;
        for (long count : buckets) {
            deliveries += count;
        }
        return deliveries == 0
                ? new Latency(at, 0, Optional.empty(), Optional.empty(), Optional.empty())
                : new Latency(
                        at,
                        deliveries,
                        Optional.of(LatencyBuckets.percentile(buckets, 0.5)),
                        Optional.of(LatencyBuckets.percentile(buckets, 0.95)),
                        Optional.of(LatencyBuckets.percentile(buckets, 0.99)));
    }

    private static long[] buckets(ResultSet row, int first) throws SQLException {
        long[] counts = new long[LatencyBuckets.COUNT];
        for (int bucket = 0; bucket < counts.length; bucket++) {
            counts[bucket] = row.getLong(first + bucket);
        }
        return counts;
    }

    private void ask(
            String sql, Axis axis, ChartQuestion question, Set<String> outcomes, Visitor visitor)
            throws LogUnavailableException {
        long begun = System.nanoTime();
        try (Connection connection = database.connection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setQueryTimeout((int) PATIENCE.toSeconds());
            int next = 1;
            if (axis.hasPoints()) {
                statement.setLong(next++, axis.from().toEpochMilli());
                statement.setLong(next++, axis.step().toMillis());
            }
            statement.setLong(next++, axis.from().toEpochMilli());
            statement.setLong(next++, axis.at(axis.points()).toEpochMilli());
            next = bind(statement, next, question.stream());
            next = bind(statement, next, question.domain().map(Addresses::domain));
            next = bind(statement, next, question.bounceClass());
            Object[] wanted = outcomes.toArray();
            statement.setArray(next++, connection.createArrayOf("text", wanted));
            statement.setArray(next, connection.createArrayOf("text", wanted));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    visitor.visit(row);
                }
            }
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        } finally {
            questions.record(Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private static int bind(PreparedStatement statement, int next, Optional<String> value)
            throws SQLException {
        for (int i = next; i < next + 2; i++) {
            if (value.isPresent()) {
                statement.setString(i, value.get());
            } else {
                statement.setNull(i, Types.VARCHAR);
            }
        }
        return next + 2;
    }

    /** The time axis; whole steps from the beginning of 1970. */
    private record Axis(Instant from, Duration step, int points, boolean hasPoints) {
        Instant at(int point) {
            return from.plus(step.multipliedBy(point));
        }
    }

    @FunctionalInterface
    private interface Visitor {
        void visit(ResultSet row) throws SQLException;
    }
}
