package posthaste.bounce.charts;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import posthaste.bounce.charts.Chart.Point;
import posthaste.bounce.deliverylog.LastSuccess;
import posthaste.bounce.deliverylog.LogDatabase;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.service.lifecycle.Rounds;

/** How much room there is and how much the log takes, minute by minute. */
public final class StorageSamples extends Rounds {
    private static final int PATIENCE_SECONDS = 10;
    private static final double GIB = 1L << 30;
    private static final String ADD =
            """
            INSERT INTO storage_sample (minute, free, log_size)
            VALUES (date_trunc('minute', ?::timestamptz), ?, pg_database_size(current_database()))
            ON CONFLICT DO NOTHING\
            """;
    private static final String FORGET = "DELETE FROM storage_sample WHERE minute < ?";
    private static final String FIND =
            """
            SELECT floor(extract(epoch FROM minute) / ?)::bigint AS step,
                min(free) AS free, max(log_size) AS log_size
            FROM storage_sample WHERE minute >= ? AND minute < ? GROUP BY 1 ORDER BY 1\
            """;

    private final LogDatabase database;
    private final Supplier<OptionalLong> free;
    private final InstantSource clock;
    private final Duration interval;
    private final Duration kept;
    private final LastSuccess success;

    /**
     * Takes where they are.
     *
     * @param free octets on the fullest disk of ours; empty where none is watched
     * @param kept for how long
     */
    public StorageSamples(
            LogDatabase database,
            Supplier<OptionalLong> free,
            InstantSource clock,
            Duration interval,
            Duration kept,
            LastSuccess success) {
        super("storage-samples", interval);
        this.database = database;
        this.free = free;
        this.clock = clock;
        this.interval = interval;
        this.kept = kept;
        this.success = success;
    }

    /** Adds one, unless that minute has one. */
    public void run() throws SQLException {
        Instant now = clock.instant();
        OptionalLong octets = free.get();
        try (Connection connection = database.connection();
                PreparedStatement add = connection.prepareStatement(ADD);
                PreparedStatement forget = connection.prepareStatement(FORGET)) {
            add.setQueryTimeout(PATIENCE_SECONDS);
            add.setTimestamp(1, Timestamp.from(now));
            add.setObject(2, octets.isPresent() ? octets.getAsLong() : null);
            add.executeUpdate();
            forget.setQueryTimeout(PATIENCE_SECONDS);
            forget.setTimestamp(1, Timestamp.from(now.minus(kept)));
            forget.executeUpdate();
        }
    }

    /** Of each step the least room and the largest log. */
    Chart chart(Instant from, Instant to, Duration step) throws LogUnavailableException {
        List<Point> points = new ArrayList<>();
        try (Connection connection = database.connection();
                PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setQueryTimeout(PATIENCE_SECONDS);
            select.setLong(1, step.toSeconds());
            select.setTimestamp(2, Timestamp.from(from));
            select.setTimestamp(3, Timestamp.from(to));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long room = row.getLong("free");
                    Optional<Double> least =
                            row.wasNull() ? Optional.empty() : Optional.of(room / GIB);
                    points.add(
                            new Point(
                                    Instant.ofEpochSecond(row.getLong("step") * step.toSeconds()),
                                    List.of(least, Optional.of(row.getLong("log_size") / GIB))));
                }
            }
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
        return new Chart(
                "storage",
                "Storage",
                "What is free on the fullest disk of bounce-service, and what the delivery log"
                        + " takes.",
                "GiB",
                List.of("free", "delivery log"),
                points);
    }

    @Override
    protected Duration round() {
        try {
            run();
            success.succeeded();
        } catch (SQLException e) {
            success.failed(e);
        }
        return interval;
    }
}
