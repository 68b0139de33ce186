package posthaste.bounce.charts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import posthaste.bounce.audit.QueueOverview;
import posthaste.bounce.charts.Chart.Point;
import posthaste.bounce.deliverylog.LogDatabase;
import posthaste.bounce.deliverylog.LogUnavailableException;

/** How much was queued, minute by minute. */
public final class QueueSamples {
    private static final int PATIENCE_SECONDS = 10;
    private static final String ADD =
            """
            INSERT INTO queue_sample (minute, jobs, recipients, oldest_seconds)
            VALUES (date_trunc('minute', ?), ?, ?, ?) ON CONFLICT DO NOTHING\
            """;
    private static final String FORGET = "DELETE FROM queue_sample WHERE minute < ?";
    private static final String FIND =
            """
            SELECT floor(extract(epoch FROM minute) / ?)::bigint AS step,
                max(jobs) AS jobs, max(recipients) AS recipients, max(oldest_seconds) AS oldest
            FROM queue_sample WHERE minute >= ? AND minute < ? GROUP BY 1 ORDER BY 1\
            """;

    private final LogDatabase database;
    private final Duration kept;

    /**
     * Takes where they are.
     *
     * @param kept for how long
     */
    public QueueSamples(LogDatabase database, Duration kept) {
        this.database = database;
        this.kept = kept;
    }

    /** Adds one, unless that minute has one. */
    void add(QueueOverview queue) throws SQLException {
        Instant now = queue.asOf();
        long oldest =
                queue.destinations().stream()
                        .map(destination -> Duration.between(destination.oldest(), now).toSeconds())
                        .max(Long::compare)
                        .orElse(0L);
        try (Connection connection = database.connection();
                PreparedStatement add = connection.prepareStatement(ADD);
                PreparedStatement forget = connection.prepareStatement(FORGET)) {
            add.setQueryTimeout(PATIENCE_SECONDS);
            add.setTimestamp(1, Timestamp.from(now));
            add.setLong(2, queue.jobs());
            add.setLong(3, queue.recipients());
            add.setLong(4, Math.max(0, oldest));
            add.executeUpdate();
            forget.setQueryTimeout(PATIENCE_SECONDS);
            forget.setTimestamp(1, Timestamp.from(now.minus(kept)));
            forget.executeUpdate();
        }
    }

    /** Depth and age; of each step the highest. */
    List<Chart> charts(Instant from, Instant to, Duration step) throws LogUnavailableException {
        List<Point> depth = new ArrayList<>();
        List<Point> age = new ArrayList<>();
        try (Connection connection = database.connection();
                PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setQueryTimeout(PATIENCE_SECONDS);
            select.setLong(1, step.toSeconds());
            select.setTimestamp(2, Timestamp.from(from));
            select.setTimestamp(3, Timestamp.from(to));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Instant at = Instant.ofEpochSecond(row.getLong("step") * step.toSeconds());
                    depth.add(
                            new Point(
                                    at,
                                    List.of(
                                            Optional.of((double) row.getLong("jobs")),
                                            Optional.of((double) row.getLong("recipients")))));
                    age.add(new Point(at, List.of(Optional.of((double) row.getLong("oldest")))));
                }
            }
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
        return List.of(
                new Chart(
                        "depth",
                        "Queue depth",
                        "What stood in all queues, by the minute.",
                        "jobs",
                        List.of("jobs", "recipients"),
                        depth),
                new Chart(
                        "age",
                        "Queue age",
                        "How long the oldest mail had waited.",
                        "seconds",
                        List.of("oldest"),
                        age));
    }
}
