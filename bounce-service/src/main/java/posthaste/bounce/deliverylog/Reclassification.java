package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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
 * Applies today's rules to what is in the log. Rules are asked once for each different reply; only
 * events whose class becomes another are written, day by day, newest first, each portion with the
 * correction of the rollup in one transaction. So it may be broken off and begun again anywhere,
 * and twice changes nothing.
 */
public final class Reclassification {
    private static final int PORTION = 5_000;

    private static final String ENTRIES =
            "SELECT id, code, status, template, bounce_class, hard, unsure FROM reply"
                    + " WHERE bounce_class IS NOT NULL ORDER BY id";

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

    /** Without a chart domain an event was never counted: it is older than the rollup. */
    private static final String CORRECT =
            """
            WITH wrong AS (
                SELECT e.day, e.entry_id, e.at, e.kind, e.stream, e.chart_domain, e.tls,
                    e.bounce_class AS old_class, e.hard AS old_hard,
                    n.bounce_class AS new_class, n.hard AS new_hard
                FROM event e
                JOIN unnest(?, ?, ?) AS n(reply_id, bounce_class, hard) USING (reply_id)
                WHERE e.day = ? AND e.bounce_class IS NOT NULL
                    AND e.kind NOT IN ('COMPLAINED', 'REPLIED')
                    AND (e.bounce_class, e.hard) IS DISTINCT FROM (n.bounce_class, n.hard)
                LIMIT ?
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

    private static final String LEARN =
            """
            UPDATE reply r SET bounce_class = n.bounce_class, hard = n.hard, unsure = false
            FROM unnest(?, ?, ?) AS n(id, bounce_class, hard)
            WHERE r.id = n.id
            """;

    private final LogDatabase database;
    private final ReplyDictionary rules;

    public Reclassification(LogDatabase database, BounceClassifier rules) {
        this.database = database;
        this.rules = new ReplyDictionary(() -> rules);
    }

    /**
     * What was done.
     *
     * @param replies different ones that were looked at
     * @param otherwise of them, those that mean something else today, or had events of two minds
     * @param added events that had no class yet, of a log older than classes
     * @param changed events that have another class now
     */
    public record Report(long replies, long otherwise, long added, long changed) {}

    /**
     * Does it.
     *
     * @param since the first day of acceptance whose events are looked at; then the dictionary
     *     keeps what the days before have, so that a later one finds them
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
            List<Entry> all = new ArrayList<>();
            List<Entry> otherwise = new ArrayList<>();
            judge(connection, all, otherwise);
            connection.commit();
            long changed = 0;
            for (LocalDate day : days) {
                long ofDay = otherwise.isEmpty() ? 0 : correct(connection, day, otherwise);
                changed += ofDay;
                progress.accept(day, ofDay);
            }
            if (since.isEmpty() && !otherwise.isEmpty()) {
                try (PreparedStatement statement = connection.prepareStatement(LEARN)) {
                    meanings(otherwise).bind(statement);
                    statement.executeUpdate();
                }
            }
            connection.commit();
            return new Report(all.size(), otherwise.size(), added, changed);
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
    }

    private void judge(Connection connection, List<Entry> all, List<Entry> otherwise)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ENTRIES)) {
            statement.setFetchSize(PORTION);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Meaning today =
                            rules.classify(row.getInt(2), row.getString(3), row.getString(4));
                    Entry entry =
                            new Entry(
                                    row.getLong(1),
                                    row.getInt(2),
                                    row.getString(3),
                                    row.getString(4),
                                    today);
                    all.add(entry);
                    Meaning before = new Meaning(Optional.of(row.getString(5)), row.getBoolean(6));
                    if (row.getBoolean(7) || !today.equals(before)) {
                        otherwise.add(entry);
                    }
                }
            }
        }
    }

    private static long correct(Connection connection, LocalDate day, List<Entry> otherwise)
            throws SQLException {
        long changed = 0;
        long portion;
        do {
            try (PreparedStatement statement = connection.prepareStatement(CORRECT)) {
                int next = meanings(otherwise).bind(statement);
                statement.setObject(next, day);
                statement.setInt(next + 1, PORTION);
                try (ResultSet row = statement.executeQuery()) {
                    portion = row.next() ? row.getLong(1) : 0;
                }
            }
            connection.commit();
            changed += portion;
        } while (portion == PORTION);
        return changed;
    }

    private static Rows meanings(List<Entry> entries) {
        Rows rows = new Rows("int8", "text", "bool");
        for (Entry entry : entries) {
            rows.add(
                    entry.id(),
                    entry.meaning().bounceClass().orElseThrow(),
                    entry.meaning().hard());
        }
        return rows;
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
