package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import posthaste.bounce.deliverylog.ReplyDictionary.Entry;
import posthaste.bounce.events.Meaning;
import posthaste.bounce.inbound.rules.BounceClassifier;
import posthaste.mail.record.Event.Kind;

/**
 * Applies today's rules to what is in the log. Rules are asked once for each different reply, whose
 * entry in the dictionary is put right first; then the events that are of another mind than their
 * entry, day by day, newest first, each portion with the correction of the rollup in one
 * transaction. All events are looked at each time, since a service may have written some by older
 * rules at any moment. So it may be broken off and begun again anywhere, and twice changes nothing.
 */
public final class Reclassification {
    private static final int PORTION = 5_000;

    private static final String ENTRIES =
            "SELECT id, code, status, template, bounce_class, hard FROM reply"
                    + " WHERE bounce_class IS NOT NULL AND id > ? ORDER BY id LIMIT ?";

    private static final String LEARN =
            """
            UPDATE reply r SET bounce_class = n.bounce_class, hard = n.hard
            FROM unnest(?, ?, ?) AS n(id, bounce_class, hard)
            WHERE r.id = n.id
            """;

    /** What was written before there was a dictionary, and has something to say. */
    private static final String UNREAD =
            """
            SELECT entry_id, kind, status, reply_code, coalesce(reply_text, reason) AS said
            FROM event
            WHERE day = ? AND entry_id > ? AND reply_id IS NULL
                AND (reply_code IS NOT NULL OR reason <> ''
                    OR kind IN ('DEFERRED', 'FAILED', 'BOUNCED', 'EXPIRED'))
            ORDER BY entry_id
            LIMIT ?
            """;

    private static final String READ =
            """
            UPDATE event e SET reply_id = n.reply_id, bounce_class = n.bounce_class, hard = n.hard
            FROM unnest(?, ?, ?, ?) AS n(entry_id, reply_id, bounce_class, hard)
            WHERE e.day = ? AND e.entry_id = n.entry_id
            """;

    /**
     * The events of a day that are to become another, found once: the server keeps what was found
     * until all of it is taken, whatever is committed meanwhile.
     */
    private static final String WRONG =
            """
            DECLARE wrong NO SCROLL CURSOR WITH HOLD FOR
            SELECT e.entry_id
            FROM event e JOIN reply r ON r.id = e.reply_id
            WHERE e.day = ? AND e.bounce_class IS NOT NULL AND r.bounce_class IS NOT NULL
                AND e.kind NOT IN ('COMPLAINED', 'REPLIED')
                AND (e.bounce_class, e.hard) IS DISTINCT FROM (r.bounce_class, r.hard)
            """;

    /** Each event by its key: statistics of a day that is being written may call for all of it. */
    private static final String BY_KEY =
            "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;"
                    + " SET LOCAL enable_seqscan = off";

    /** Without a chart domain an event was never counted: it is older than the rollup. */
    private static final String CORRECT =
            """
            WITH wrong AS (
                SELECT e.day, e.entry_id, e.at, e.kind, e.stream, e.chart_domain, e.tls,
                    e.bounce_class AS old_class, e.hard AS old_hard,
                    r.bounce_class AS new_class, r.hard AS new_hard
                FROM unnest(?) AS k(entry_id)
                JOIN event e ON e.day = ? AND e.entry_id = k.entry_id
                JOIN reply r ON r.id = e.reply_id
                WHERE (e.bounce_class, e.hard) IS DISTINCT FROM (r.bounce_class, r.hard)
                FOR UPDATE OF e
            ), righted AS (
                UPDATE event e SET bounce_class = w.new_class, hard = w.new_hard
                FROM wrong w
                WHERE e.day = w.day AND e.entry_id = w.entry_id
                RETURNING e.entry_id
            ), moved AS (
                INSERT INTO rollup (start, stream, domain, outcome, bounce_class, hard, events,
                    encrypted)
                SELECT MINUTE, stream, chart_domain, kind, move.bounce_class, move.hard,
                    sum(move.sign), coalesce(sum(move.sign) FILTER (WHERE tls <> ''), 0)
                FROM wrong CROSS JOIN LATERAL (VALUES
                    (old_class, old_hard, -1), (new_class, new_hard, 1)) AS move(bounce_class, hard,
                        sign)
                WHERE chart_domain IS NOT NULL AND COUNTED
                GROUP BY 1, 2, 3, 4, 5, 6
            )
            SELECT count(*) FROM righted
            """
                    .replace("MINUTE", "to_timestamp(floor(extract(epoch FROM at) / 60) * 60)")
                    .replace("COUNTED", Rollup.COUNTED);

    private final LogDatabase database;
    private final ReplyDictionary rules;

    private final int portion;

    public Reclassification(LogDatabase database, BounceClassifier rules) {
        this(database, rules, PORTION);
    }

    /**
     * By portions of another size.
     *
     * @param portion events written in one transaction
     */
    Reclassification(LogDatabase database, BounceClassifier rules, int portion) {
        this.database = database;
        this.portion = portion;
        this.rules = new ReplyDictionary(() -> rules);
    }

    /**
     * What was done.
     *
     * @param replies different ones that were looked at
     * @param otherwise of them, those that mean something else today
     * @param added events that had no class yet, of a log older than classes
     * @param changed events that have another class now
     */
    public record Report(long replies, long otherwise, long added, long changed) {}

    /**
     * Does it.
     *
     * @param since the first day of acceptance whose events are looked at; those of the days before
     *     keep what they have until it is done without
     * @param progress told after each day: what it was, and events written
     */
    public Report run(Optional<LocalDate> since, BiConsumer<LocalDate, Long> progress)
            throws LogUnavailableException {
        try (Connection connection = database.connection()) {
            connection.setNetworkTimeout(Runnable::run, 0);
            List<LocalDate> days =
                    LogDays.days(connection).reversed().stream()
                            .filter(day -> since.filter(day::isBefore).isEmpty())
                            .toList();
            long added = 0;
            for (LocalDate day : days) {
                added += readUnread(connection, day);
            }
            connection.setAutoCommit(false);
            try {
                Learnt learnt = learn(connection);
                long changed = 0;
                for (LocalDate day : days) {
                    long ofDay = correct(connection, day);
                    changed += ofDay;
                    progress.accept(day, ofDay);
                }
                return new Report(learnt.replies(), learnt.otherwise(), added, changed);
            } finally {
                connection.rollback();
                closeCursors(connection);
            }
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
    }

    private record Learnt(long replies, long otherwise) {}

    /** The dictionary says what today's rules say. */
    private Learnt learn(Connection connection) throws SQLException {
        long replies = 0;
        long otherwise = 0;
        long last = Long.MIN_VALUE;
        int found;
        do {
            found = 0;
            Rows anew = new Rows("int8", "text", "bool");
            try (PreparedStatement statement = connection.prepareStatement(ENTRIES)) {
                statement.setLong(1, last);
                statement.setInt(2, PORTION);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        found++;
                        last = row.getLong(1);
                        Meaning today =
                                rules.classify(row.getInt(2), row.getString(3), row.getString(4));
                        Meaning before =
                                new Meaning(Optional.of(row.getString(5)), row.getBoolean(6));
                        if (!today.equals(before)) {
                            anew.add(last, today.bounceClass().orElseThrow(), today.hard());
                        }
                    }
                }
            }
            if (anew.size() > 0) {
                try (PreparedStatement statement = connection.prepareStatement(LEARN)) {
                    anew.bind(statement);
                    statement.executeUpdate();
                }
            }
            connection.commit();
            replies += found;
            otherwise += anew.size();
        } while (found == PORTION);
        return new Learnt(replies, otherwise);
    }

    private long correct(Connection connection, LocalDate day) throws SQLException {
        try (PreparedStatement wrong = connection.prepareStatement(WRONG)) {
            wrong.setObject(1, day);
            wrong.execute();
        }
        connection.commit();
        long changed = 0;
        List<String> entries = next(connection);
        while (!entries.isEmpty()) {
            try (Statement settings = connection.createStatement()) {
                settings.execute(BY_KEY);
            }
            try (PreparedStatement statement = connection.prepareStatement(CORRECT)) {
                statement.setArray(1, connection.createArrayOf("text", entries.toArray()));
                statement.setObject(2, day);
                try (ResultSet row = statement.executeQuery()) {
                    changed += row.next() ? row.getLong(1) : 0;
                }
            }
            connection.commit();
            entries = next(connection);
        }
        closeCursors(connection);
        return changed;
    }

    private static void closeCursors(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CLOSE ALL");
        }
        connection.commit();
    }

    private List<String> next(Connection connection) throws SQLException {
        List<String> entries = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("FETCH " + portion + " FROM wrong")) {
            while (row.next()) {
                entries.add(row.getString(1));
            }
        }
        return entries;
    }

    private long readUnread(Connection connection, LocalDate day) throws SQLException {
        long added = 0;
        String last = "";
        int found;
        do {
            Map<Entry, LocalDate> said = new HashMap<>();
            Rows rows = new Rows("text", "int8", "text", "bool");
            found = 0;
            try (PreparedStatement statement = connection.prepareStatement(UNREAD)) {
                statement.setObject(1, day);
                statement.setString(2, last);
                statement.setInt(3, PORTION);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        found++;
                        last = row.getString(1);
                        Entry entry =
                                rules.entry(
                                        Kind.valueOf(row.getString(2)),
                                        row.getInt(4),
                                        row.getString(3),
                                        row.getString(5));
                        said.put(entry, day);
                        Optional<String> bounceClass = entry.meaning().bounceClass();
                        rows.add(
                                last,
                                entry.id(),
                                bounceClass.orElse(null),
                                bounceClass.isPresent() ? entry.meaning().hard() : null);
                    }
                }
            }
            if (found > 0) {
                rules.note(connection, said);
                connection.setAutoCommit(true);
                try (PreparedStatement statement = connection.prepareStatement(READ)) {
                    int next = rows.bind(statement);
                    statement.setObject(next, day);
                    added += statement.executeUpdate();
                }
            }
        } while (found == PORTION);
        return added;
    }
}
