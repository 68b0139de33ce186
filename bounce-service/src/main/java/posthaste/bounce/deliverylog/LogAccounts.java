package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import posthaste.bounce.deliverylog.OpenRecipient.Awaited;
import posthaste.mail.envelope.MailId;

/** What the audit asks the log: sums, who is open, and how far the log has read. */
public final class LogAccounts {
    private static final int FETCH = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Hours since 1970. */
    private static final String HOUR = "(day - date '1970-01-01') * 24 + hour";

    private static final String TOTALS =
            """
            SELECT HOUR, sum(accepted), sum(delivered), sum(bounced), sum(expired), sum(removed),
                sum(duplicates)
            FROM tally
            GROUP BY day, hour
            """
                    .replace("HOUR", HOUR);

    private static final String OPEN =
            """
            SELECT mail_id, address, HOUR, extract(epoch FROM promised_at) * 1000,
                CASE WHEN standing = 0 THEN 'FIRST_ATTEMPT'
                    WHEN promised_at > lead_at THEN 'NEXT_ATTEMPT'
                    ELSE 'BOUNCE' END
            FROM recipient
            WHERE state = 1 AND promised_at <= to_timestamp(? / 1000.0)
            """
                    .replace("HOUR", HOUR);

    private static final String UNACCEPTED =
            """
            SELECT mail_id, address, extract(epoch FROM lead_at) * 1000
            FROM recipient
            WHERE state = 0 AND lead_at <= to_timestamp(? / 1000.0)
            LIMIT ?
            """;

    private final LogDatabase database;

    public LogAccounts(LogDatabase database) {
        this.database = database;
    }

    /**
     * All recipients that the log still has.
     *
     * @param since the first hour that the log still has; 1970 while it has none
     * @param hours by hour of acceptance, in its order
     */
    public record Totals(Instant since, Outcomes all, SortedMap<Instant, Outcomes> hours) {
        public Totals {
            hours = Collections.unmodifiableSortedMap(new TreeMap<>(hours));
        }
    }

    /** A recipient of whom events tell, and whose acceptance the log has never read. */
    public record Unaccepted(String mailId, String address, Instant toldAt) {}

    /** The sums, and a visit to each open recipient, all of the same moment. */
    public Totals read(Consumer<OpenRecipient> visitor) throws LogUnavailableException {
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
    public void readOverdue(Instant until, Consumer<OpenRecipient> visitor)
            throws LogUnavailableException {
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
     * The open recipients of one mail whose next event was promised for {@code until} or before.
     */
    public List<OpenRecipient> overdue(MailId id, Instant until) throws LogUnavailableException {
        try (Connection connection = database.connection();
                PreparedStatement statement =
                        connection.prepareStatement(OPEN + " AND day = ? AND mail_id = ?")) {
            statement.setLong(1, until.toEpochMilli());
            statement.setObject(2, id.day());
            statement.setString(3, id.value());
            statement.setQueryTimeout((int) PATIENCE.toSeconds());
            List<OpenRecipient> overdue = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    overdue.add(openRecipient(row));
                }
            }
            return overdue;
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
    }

    /**
     * Locks a mail against orders of other operators, in whichever process, until it is closed.
     *
     * @return empty when somebody else has it
     */
    public Optional<MailLock> lock(MailId id) throws LogUnavailableException {
        try {
            return MailLock.on(database.connection(), id);
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
    }

    /**
     * Recipients without an acceptance whose last event happened at {@code until} or before.
     *
     * @param limit of those returned
     */
    public List<Unaccepted> unaccepted(Instant until, int limit) throws LogUnavailableException {
        try (Connection connection = database.connection();
                PreparedStatement statement = connection.prepareStatement(UNACCEPTED)) {
            statement.setLong(1, until.toEpochMilli());
            statement.setInt(2, limit);
            statement.setQueryTimeout((int) PATIENCE.toSeconds());
            List<Unaccepted> unaccepted = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    unaccepted.add(
                            new Unaccepted(
                                    row.getString(1),
                                    row.getString(2),
                                    Instant.ofEpochMilli(row.getLong(3))));
                }
            }
            return unaccepted;
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
        SortedMap<Instant, Outcomes> hours = new TreeMap<>();
        Outcomes all = Outcomes.NONE;
        try (PreparedStatement statement = connection.prepareStatement(TOTALS);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                Outcomes hour =
                        new Outcomes(
                                row.getLong(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6),
                                row.getLong(7));
                all = all.plus(hour);
                if (hour.accepted() > 0) {
                    hours.put(hour(row.getLong(1)), hour);
                }
            }
        }
        return new Totals(hours.isEmpty() ? Instant.EPOCH : hours.firstKey(), all, hours);
    }

    private static void visit(Connection connection, Instant until, Consumer<OpenRecipient> visitor)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OPEN)) {
            statement.setLong(1, until.toEpochMilli());
            statement.setFetchSize(FETCH);
            statement.setQueryTimeout((int) PATIENCE.toSeconds());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    visitor.accept(openRecipient(row));
                }
            }
        }
    }

    private static OpenRecipient openRecipient(ResultSet row) throws SQLException {
        return new OpenRecipient(
                row.getString(1),
                row.getString(2),
                hour(row.getLong(3)),
                Instant.ofEpochMilli(row.getLong(4)),
                Awaited.valueOf(row.getString(5)));
    }

    private static Instant hour(long sinceEpoch) {
        return Instant.ofEpochSecond(sinceEpoch * 3600);
    }
}
