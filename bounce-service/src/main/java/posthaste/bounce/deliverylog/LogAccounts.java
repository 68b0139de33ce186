package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the audit asks the log: sums, who is open, and how far the log has read. */
public final class LogAccounts {
    private static final int FETCH = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String TOTALS =
            """
            SELECT min(day) FILTER (WHERE accepted > 0), coalesce(sum(accepted), 0),
                coalesce(sum(delivered), 0), coalesce(sum(bounced), 0), coalesce(sum(expired), 0),
                coalesce(sum(removed), 0), coalesce(sum(duplicates), 0)
            FROM tally
            """;

    private final LogDatabase database;

    public LogAccounts(LogDatabase database) {
        this.database = database;
    }

    /**
     * Recipients that were accepted, by their outcome.
     *
     * @param since the first day that the log still has
     * @param duplicates ends beyond those that count
     */
    public record Totals(
            Instant since,
            long accepted,
            long delivered,
            long bounced,
            long expired,
            long removed,
            long duplicates) {
        /** Accepted, without an outcome yet. */
        public long open() {
            return accepted - delivered - bounced - expired - removed;
        }
    }

    /** Takes one open recipient. */
    @FunctionalInterface
    public interface OpenRecipient {
        /**
         * Visits.
         *
         * @param promisedAt when its next event is due
         */
        void visit(String mailId, String address, Instant promisedAt);
    }

    /** The sums, and a visit to each open recipient, all of the same moment. */
    public Totals read(OpenRecipient visitor) throws LogUnavailableException {
        try (Connection connection = database.connection()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            try {
                Totals totals = totals(connection);
                visit(connection, Instant.ofEpochMilli(Long.MAX_VALUE / 1_000_000), visitor);
                return totals;
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
    }

    /** Visits the open recipients whose next event was promised for {@code until} or before. */
    public void readOverdue(Instant until, OpenRecipient visitor) throws LogUnavailableException {
        try (Connection connection = database.connection()) {
            // Rows come in portions only within a transaction.
            connection.setAutoCommit(false);
            try {
                visit(connection, until, visitor);
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
    }

    /**
     * How far the log has read.
     *
     * @param ends by topic, each partition's end
     * @return records that stand before those ends and are not in the log yet
     */
    public long behind(Map<String, List<Long>> ends) throws LogUnavailableException {
        Map<String, Map<Integer, Long>> offsets = new HashMap<>();
        try (Connection connection = database.connection();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT topic, partition, next_offset FROM log_offset");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                offsets.computeIfAbsent(row.getString(1), t -> new HashMap<>())
                        .put(row.getInt(2), row.getLong(3));
            }
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
        long behind = 0;
        for (Map.Entry<String, List<Long>> topic : ends.entrySet()) {
            Map<Integer, Long> read = offsets.getOrDefault(topic.getKey(), Map.of());
            for (int partition = 0; partition < topic.getValue().size(); partition++) {
                behind +=
                        Math.max(
                                0,
                                topic.getValue().get(partition) - read.getOrDefault(partition, 0L));
            }
        }
        return behind;
    }

    private static Totals totals(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TOTALS);
                ResultSet row = statement.executeQuery()) {
            row.next();
            LocalDate since = row.getObject(1, LocalDate.class);
            return new Totals(
                    since == null ? Instant.EPOCH : since.atStartOfDay(ZoneOffset.UTC).toInstant(),
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.getLong(7));
        }
    }

    private static void visit(Connection connection, Instant until, OpenRecipient visitor)
            throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        SELECT mail_id, address, extract(epoch FROM promised_at) * 1000
                        FROM recipient
                        WHERE state = 1 AND promised_at <= to_timestamp(? / 1000.0)
                        """)) {
            statement.setLong(1, until.toEpochMilli());
            statement.setFetchSize(FETCH);
            statement.setQueryTimeout((int) PATIENCE.toSeconds());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    visitor.visit(
                            row.getString(1),
                            row.getString(2),
                            Instant.ofEpochMilli(row.getLong(3)));
                }
            }
        }
    }
}
