package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import posthaste.mail.envelope.MailId;

/**
 * All that a search finds, recipient by recipient, however much it is: page after page by key, each
 * read in portions. So memory stays the same, no transaction lasts for hours, and rows that are
 * written meanwhile neither repeat nor hide others.
 */
public final class LogExport {
    private static final int PAGE = LogQuery.LIMIT;
    private static final int PORTION = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String ROWS =
            """
            SELECT r.mail_id, r.address, r.domain, r.lead_at, r.attempts,
                m.stream, m.sender, m.message_id, m.size, m.client_address,
                e.kind, e.status, e.reply_code, e.reply_text, e.bounce_class, e.hard, e.reason,
                e.remote_host, e.tls
            FROM unnest(?::date[], ?::text[]) WITH ORDINALITY AS k(day, id, position)
            JOIN recipient r ON r.day = k.day AND r.mail_id = k.id
            LEFT JOIN mail m ON m.day = k.day AND m.id = k.id
            LEFT JOIN event e ON e.day = r.day AND e.entry_id = r.lead_entry
            ORDER BY k.position, r.address
            """;

    private final LogDatabase database;
    private final LogSearch search;

    public LogExport(LogDatabase database, LogSearch search) {
        this.database = database;
        this.search = search;
    }

    /** Takes what is exported; it may throw, which ends the export. */
    @FunctionalInterface
    public interface Visitor<E extends Exception> {
        void take(ExportedRecipient recipient) throws E;
    }

    /**
     * Visits each recipient of each mail that fits, newest mail first.
     *
     * @param query its limit is not looked at
     * @param most recipients visited; then it ends, after a whole mail
     * @return how many were visited
     */
    public <E extends Exception> long export(LogQuery query, long most, Visitor<E> visitor)
            throws LogUnavailableException, E {
        long visited = 0;
        LogQuery page = query.paged(PAGE);
        while (visited < most) {
            List<String> ids = search.ids(page);
            if (ids.isEmpty()) {
                return visited;
            }
            visited += visit(ids, visitor);
            if (ids.size() < PAGE) {
                return visited;
            }
            page = page.after(new MailId(ids.getLast()));
        }
        return visited;
    }

    private <E extends Exception> long visit(List<String> ids, Visitor<E> visitor)
            throws LogUnavailableException, E {
        try (Connection connection = database.connection()) {
            // Rows come in portions only within a transaction.
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
                statement.setArray(
                        1,
                        connection.createArrayOf(
                                "date",
                                ids.stream().map(id -> new MailId(id).day().toString()).toArray()));
                statement.setArray(2, connection.createArrayOf("text", ids.toArray()));
                statement.setFetchSize(PORTION);
                statement.setQueryTimeout((int) PATIENCE.toSeconds());
                long visited = 0;
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        visitor.take(recipient(row));
                        visited++;
                    }
                }
                return visited;
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
    }

    private static ExportedRecipient recipient(ResultSet row) throws SQLException {
        String id = text(row, "mail_id");
        String kind = row.getString("kind");
        Timestamp since = row.getTimestamp("lead_at");
        return new ExportedRecipient(
                id,
                new MailId(id).acceptedAt(),
                text(row, "stream"),
                text(row, "sender"),
                Optional.ofNullable(row.getString("message_id")),
                row.getLong("size"),
                text(row, "client_address"),
                text(row, "address"),
                text(row, "domain"),
                kind == null ? "queued" : kind.toLowerCase(Locale.ROOT),
                since.toInstant(),
                row.getInt("attempts"),
                text(row, "status"),
                LogSearch.reply(row),
                Optional.ofNullable(row.getString("bounce_class")),
                row.getBoolean("hard"),
                text(row, "reason"),
                text(row, "remote_host"),
                text(row, "tls"));
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column)).orElse("");
    }
}
