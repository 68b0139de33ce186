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
import java.util.List;

/**
 * Adds up the rows of the rollup: those that batches have left of a minute become one for each key,
 * minutes become hours and hours days. Each step is a transaction that leaves every sum as it was,
 * so that it may end anywhere. One process does it at a time; batches never wait.
 */
final class RollupSums {
    /** Those of a minute that has just ended may still be coming. */
    private static final Duration REST = Duration.ofMinutes(2);

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

    private static final String COARSEN =
            """
            WITH gone AS (
                DELETE FROM rollup WHERE step < ? AND start >= ? AND start < ? RETURNING *
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
        connection.setAutoCommit(false);
        try {
            sumMinutes();
            coarsen(RollupSteps.HOUR, steps.minutesSince(now));
            coarsen(RollupSteps.DAY, steps.hoursSince(now));
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
    private void coarsen(Duration step, Instant before) throws SQLException {
        while (true) {
            Instant oldest = oldestBelow(step, before);
            if (!oldest.isBefore(before) || !isAlone()) {
                connection.rollback();
                return;
            }
            Instant from = oldest.minusMillis(Math.floorMod(oldest.toEpochMilli(), 86_400_000L));
            Instant to = from.plus(RollupSteps.DAY);
            try (PreparedStatement statement = connection.prepareStatement(sql(COARSEN))) {
                int seconds = (int) step.toSeconds();
                statement.setInt(1, seconds);
                statement.setTimestamp(2, Timestamp.from(from));
                statement.setTimestamp(3, Timestamp.from(to.isBefore(before) ? to : before));
                statement.setInt(4, seconds);
                statement.setInt(5, seconds);
                statement.setInt(6, seconds);
                statement.executeUpdate();
            }
            connection.commit();
        }
    }

    private Instant oldestBelow(Duration step, Instant before) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT start FROM rollup WHERE step < ? AND start < ?"
                                + " ORDER BY start LIMIT 1")) {
            statement.setInt(1, (int) step.toSeconds());
            statement.setTimestamp(2, Timestamp.from(before));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getTimestamp(1).toInstant() : before;
            }
        }
    }

    private void forget() throws SQLException {
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
