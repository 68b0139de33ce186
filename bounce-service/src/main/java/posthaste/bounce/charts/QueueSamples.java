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

    /** Whoever has not told of its look by then has died over it. */
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(5);

    private static final String TAKE =
            """
            INSERT INTO queue_sample (minute)
            SELECT ? WHERE NOT EXISTS (
                SELECT FROM queue_sample WHERE jobs IS NULL AND minute > ?)
            ON CONFLICT DO NOTHING\
            """;
    private static final String FILL =
            "UPDATE queue_sample SET jobs = ?, recipients = ?, oldest_seconds = ? WHERE minute = ?";
    private static final String LEAVE =
            "DELETE FROM queue_sample WHERE minute = ? AND jobs IS NULL";
    private static final String FORGET = "DELETE FROM queue_sample WHERE minute < ?";
    private static final String FIND =
            """
            SELECT floor(extract(epoch FROM minute) / ?)::bigint AS step,
                max(jobs) AS jobs, max(recipients) AS recipients, max(oldest_seconds) AS oldest
            FROM queue_sample WHERE minute >= ? AND minute < ? AND jobs IS NOT NULL GROUP BY 1 ORDER BY 1\
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

    /**
     * Takes a minute for whoever asks: it is to look, and then to fill or to leave it.
     *
     * @return false when another has that minute, or looks still
     */
    boolean take(Instant minute) throws SQLException {
        try (Connection connection = database.connection();
                PreparedStatement take = connection.prepareStatement(TAKE)) {
            take.setQueryTimeout(PATIENCE_SECONDS);
            take.setTimestamp(1, Timestamp.from(minute));
            take.setTimestamp(2, Timestamp.from(minute.minus(LONGEST_LOOK)));
            return take.executeUpdate() == 1;
        }
    }

    /** Gives a minute that was taken back, for another to look. */
    void leave(Instant minute) throws SQLException {
        try (Connection connection = database.connection();
                PreparedStatement leave = connection.prepareStatement(LEAVE)) {
            leave.setQueryTimeout(PATIENCE_SECONDS);
            leave.setTimestamp(1, Timestamp.from(minute));
            leave.executeUpdate();
        }
    }

    /** What was seen in a minute that was taken. */
    void fill(Instant minute, QueueOverview queue) throws SQLException {
        Instant now = queue.asOf();
        long oldest =
                queue.destinations().stream()
                        .map(destination -> Duration.between(destination.oldest(), now).toSeconds())
                        .max(Long::compare)
                        .orElse(0L);
        try (Connection connection = database.connection();
                PreparedStatement fill = connection.prepareStatement(FILL);
                PreparedStatement forget = connection.prepareStatement(FORGET)) {
            fill.setQueryTimeout(PATIENCE_SECONDS);
            fill.setLong(1, queue.jobs());
            fill.setLong(2, queue.recipients());
            fill.setLong(3, Math.max(0, oldest));
            fill.setTimestamp(4, Timestamp.from(minute));
            fill.executeUpdate();
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
