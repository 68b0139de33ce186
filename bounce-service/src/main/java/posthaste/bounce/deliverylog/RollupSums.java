package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Adds up the rows of the rollup: those that batches have left of a minute become one for each key,
 * minutes become hours and hours days. Each step is a transaction that leaves every sum as it was,
 * so that it may end anywhere. One process does it at a time; batches never wait.
 */
final class RollupSums {
    /** Those of a minute that has just ended may still be coming. */
    private static final Duration REST = Duration.ofMinutes(2);

    private static final Duration PATIENCE = Duration.ofMinutes(30);

    /** At a time, so that no transaction is long after a month was read again. */
    private static final int STARTS = 120;

    private static final String ONE_AT_A_TIME = "SELECT pg_try_advisory_xact_lock(721530043)";

    private static final String UNSUMMED =
            """
            SELECT DISTINCT start FROM rollup WHERE NOT summed AND start < ? ORDER BY start LIMIT ?
            """;

    private static final String SUM =
            """
            WITH gone AS (
                DELETE FROM rollup WHERE start = ANY (?) AND step = 60 RETURNING *
            )
            INSERT INTO rollup (COLUMNS, step, summed)
            SELECT start, KEY, SUMS, 60, true
            FROM gone
            GROUP BY start, KEY
            HAVING sum(events) <> 0
            """;

    /** One look into the index for a step, however many rows of other steps there are. */
    static final String OLDEST =
            "SELECT start FROM rollup WHERE step = ? AND start < ? ORDER BY step, start LIMIT 1";

    private static final String COARSEN =
            """
            WITH gone AS (
                DELETE FROM rollup WHERE step = ANY (?) AND start >= ? AND start < ? RETURNING *
            )
            INSERT INTO rollup (COLUMNS, step, summed)
            SELECT to_timestamp(floor(extract(epoch FROM start) / ?) * ?) AS begins, KEY, SUMS, ?, true
            FROM gone
            GROUP BY begins, KEY
            HAVING sum(events) <> 0
            """;

    private final Connection connection;
    private final RollupSteps steps;
    private final Instant now;

    RollupSums(Connection connection, RollupSteps steps, Instant now) {
        this.connection = connection;
        this.steps = steps;
        this.now = now;
    }

    void run() throws SQLException {
        // After a month was read again a step may take longer than anybody who asks would wait.
        connection.setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
        connection.setAutoCommit(false);
        try {
            sumMinutes();
            coarsen(RollupSteps.HOUR, steps.minutesSince(now), RollupSteps.MINUTE);
            coarsen(RollupSteps.DAY, steps.hoursSince(now), RollupSteps.MINUTE, RollupSteps.HOUR);
            forget();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        }
    }

    private void sumMinutes() throws SQLException {
        int starts;
        do {
            if (!isAlone()) {
                connection.rollback();
                return;
            }
            List<Timestamp> minutes = unsummed();
            starts = minutes.size();
            if (starts > 0) {
                try (PreparedStatement statement = connection.prepareStatement(sql(SUM))) {
                    statement.setArray(
                            1, connection.createArrayOf("timestamptz", minutes.toArray()));
                    statement.executeUpdate();
                }
            }
            connection.commit();
        } while (starts == STARTS);
    }

    private List<Timestamp> unsummed() throws SQLException {
        List<Timestamp> minutes = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(UNSUMMED)) {
            statement.setTimestamp(1, Timestamp.from(now.minus(REST)));
            statement.setInt(2, STARTS);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    minutes.add(row.getTimestamp(1));
                }
            }
        }
        return minutes;
    }

    /** Makes longer steps of what is older, a day at a time. */
    private void coarsen(Duration step, Instant before, Duration... finer) throws SQLException {
        Integer[] finerSeconds =
                Arrays.stream(finer).map(one -> (int) one.toSeconds()).toArray(Integer[]::new);
        while (isAlone()) {
            Instant oldest = oldest(finerSeconds, before);
            if (!oldest.isBefore(before)) {
                break;
            }
            Instant from = oldest.minusMillis(Math.floorMod(oldest.toEpochMilli(), 86_400_000L));
            Instant to = from.plus(RollupSteps.DAY);
            try (PreparedStatement statement = connection.prepareStatement(sql(COARSEN))) {
                int seconds = (int) step.toSeconds();
                statement.setArray(1, connection.createArrayOf("int4", finerSeconds));
                statement.setTimestamp(2, Timestamp.from(from));
                statement.setTimestamp(3, Timestamp.from(to.isBefore(before) ? to : before));
                statement.setInt(4, seconds);
                statement.setInt(5, seconds);
                statement.setInt(6, seconds);
                statement.executeUpdate();
            }
            connection.commit();
        }
        connection.rollback();
    }

    /** Of those steps; {@code before} when none is older. */
    private Instant oldest(Integer[] steps, Instant before) throws SQLException {
        Instant oldest = before;
        try (PreparedStatement statement = connection.prepareStatement(OLDEST)) {
            for (int step : steps) {
                statement.setInt(1, step);
                statement.setTimestamp(2, Timestamp.from(oldest));
                try (ResultSet row = statement.executeQuery()) {
                    if (row.next()) {
                        oldest = row.getTimestamp(1).toInstant();
                    }
                }
            }
        }
        return oldest;
    }

    private void forget() throws SQLException {
        if (!isAlone()) {
            connection.rollback();
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM rollup WHERE start < ?")) {
            statement.setTimestamp(1, Timestamp.from(steps.daysSince(now)));
            statement.executeUpdate();
        }
        connection.commit();
    }

    private boolean isAlone() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ONE_AT_A_TIME)) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static String sql(String template) {
        return template.replace("COLUMNS", Rollup.COLUMNS)
                .replace("KEY", Rollup.KEY)
                .replace("SUMS", Rollup.SUMS);
    }
}
