package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions of the log: one a day of acceptance for each of its tables. */
final class LogDays {
    private static final Logger LOG = LoggerFactory.getLogger(LogDays.class);
    private static final List<String> TABLES =
            List.of("mail", "recipient", "event", "conversation");

    /**
     * Making and dropping partitions locks their parents, so it is done by one process at a time,
     * in transactions of its own, and gives up soon rather than make readers queue behind it.
     */
    private static final String BEGIN =
            "SET LOCAL lock_timeout = '5s'; SELECT pg_advisory_xact_lock(721530041)";

    private final Set<LocalDate> known = ConcurrentHashMap.newKeySet();

    /** Makes the partitions of {@code days} that this process has not seen yet. */
    void prepare(Connection connection, Set<LocalDate> days) throws SQLException {
        List<LocalDate> missing =
                days.stream().filter(day -> !known.contains(day)).sorted().toList();
        if (missing.isEmpty()) {
            return;
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(BEGIN);
            for (LocalDate day : missing) {
                for (String table : TABLES) {
                    statement.execute(
                            "CREATE TABLE IF NOT EXISTS "
                                    + partition(table, day)
                                    + " PARTITION OF "
                                    + table
                                    + " FOR VALUES FROM ('"
                                    + day
                                    + "') TO ('"
                                    + day.plusDays(1)
                                    + "')");
                }
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        }
        known.addAll(missing);
    }

    /** Asks the database again: another process may have dropped a partition. */
    void forget() {
        known.clear();
    }

    /**
     * Drops the partitions of days before {@code oldest}, but for those days on which a recipient
     * is still open: its mail may stand in a queue, and no end of it may go unrecorded.
     *
     * @return the days dropped
     */
    List<LocalDate> dropBefore(Connection connection, LocalDate oldest) throws SQLException {
        List<LocalDate> dropped = new ArrayList<>();
        connection.setAutoCommit(false);
        for (LocalDate day : days(connection)) {
            if (!day.isBefore(oldest)) {
                continue;
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute(BEGIN);
                statement.execute(
                        "LOCK TABLE ONLY mail, ONLY recipient, ONLY event, ONLY conversation");
                if (hasOpen(statement, day)) {
                    connection.rollback();
                    LOG.warn(
                            "the log keeps {} beyond its retention: it has recipients without an"
                                    + " outcome",
                            day);
                    continue;
                }
                for (String table : TABLES) {
                    statement.execute("DROP TABLE IF EXISTS " + partition(table, day));
                }
                statement.execute("DELETE FROM tally WHERE day = '" + day + "'");
                statement.execute(
                        "UPDATE log_floor SET day = '"
                                + day.plusDays(1)
                                + "' WHERE day <= '"
                                + day
                                + "'");
                connection.commit();
                known.remove(day);
                dropped.add(day);
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            }
        }
        if (!dropped.isEmpty()) {
            forgetReplies(connection);
        }
        return dropped;
    }

    /** What no event has any more. A day is kept back, for events that are being written. */
    private static void forgetReplies(Connection connection) throws SQLException {
        List<LocalDate> left = days(connection);
        if (left.isEmpty()) {
            connection.rollback();
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM reply WHERE last_day < ?")) {
            statement.setObject(1, left.getFirst().minusDays(1));
            statement.executeUpdate();
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        }
    }

    /** The days that have partitions, oldest first. */
    static List<LocalDate> days(Connection connection) throws SQLException {
        List<LocalDate> days = new ArrayList<>();
        try (PreparedStatement statement =
                        connection.prepareStatement(
                                """
                                SELECT substring(
                                    pg_get_expr(relpartbound, oid) FROM '''([^'']+)''')::date AS day
                                FROM pg_class JOIN pg_inherits ON inhrelid = oid
                                WHERE inhparent = 'recipient'::regclass
                                ORDER BY day
                                """);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                days.add(result.getObject(1, LocalDate.class));
            }
        }
        return days;
    }

    private static boolean hasOpen(Statement statement, LocalDate day) throws SQLException {
        try (ResultSet result =
                statement.executeQuery(
                        "SELECT EXISTS (SELECT FROM "
                                + partition("recipient", day)
                                + " WHERE state = 1)")) {
            return result.next() && result.getBoolean(1);
        }
    }

    private static String partition(String table, LocalDate day) {
        return String.format(
                Locale.ROOT,
                "%s_%d%02d%02d",
                table,
                day.getYear(),
                day.getMonthValue(),
                day.getDayOfMonth());
    }
}
