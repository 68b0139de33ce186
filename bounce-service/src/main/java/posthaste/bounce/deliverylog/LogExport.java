package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import posthaste.mail.envelope.MailId;

/**
 * All that a search finds, recipient by recipient, however much it is: portion after portion by
 * key. Whoever takes it may be as slow as he likes: no connection is held meanwhile and no
 * transaction is open, memory stays the same, and rows that are written meanwhile neither repeat
 * nor hide others.
 */
public final class LogExport {
    /** More would only make each other, and those who search, slower. */
    static final int AT_ONCE = 4;

    private static final int PAGE = LogQuery.LIMIT;
    private static final int PORTION = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * The first mail's recipients begin after the one that the last portion ended with. Mails are
     * asked one after the other until there are enough, so that a mail of many recipients is not
     * read again from its beginning, nor the mails behind it ahead of their turn.
     */
    private static final String ROWS =
            """
            SELECT r.position, r.mail_id, r.address, r.domain, r.lead_at, r.attempts,
                m.stream, m.sender, m.message_id, m.size, m.client_address,
                e.kind, e.status, e.reply_code, e.reply_text, e.bounce_class, e.hard, e.reason,
                e.remote_host, e.tls
            FROM (
                SELECT k.position, one.*
                FROM unnest(?::date[], ?::text[]) WITH ORDINALITY AS k(day, id, position)
                CROSS JOIN LATERAL (
                    SELECT day, mail_id, address, domain, lead_at, lead_entry, attempts
                    FROM recipient
                    WHERE day = k.day AND mail_id = k.id
                        AND address > CASE WHEN k.position = 1 THEN ? ELSE '' END
                    ORDER BY address
                    LIMIT ?
                ) AS one
                ORDER BY k.position, one.address
                LIMIT ?
            ) AS r
            LEFT JOIN mail m ON m.day = r.day AND m.id = r.mail_id
            LEFT JOIN event e ON e.day = r.day AND e.entry_id = r.lead_entry
            ORDER BY r.position, r.address
            """;

    private final LogDatabase database;
    private final LogSearch search;
    private final Semaphore free = new Semaphore(AT_ONCE);

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
     * @param most recipients visited; then it ends, after a whole page of mails
     * @return how many were visited
     * @throws TooManyExportsException before anything is visited
     */
    public <E extends Exception> long export(LogQuery query, long most, Visitor<E> visitor)
            throws LogUnavailableException, TooManyExportsException, E {
        if (!free.tryAcquire()) {
            throw new TooManyExportsException(AT_ONCE);
        }
        try {
            long visited = 0;
            LogQuery page = query.paged(PAGE);
            List<String> ids = search.ids(page);
            while (!ids.isEmpty() && visited < most) {
                visited += visit(ids, visitor);
                if (ids.size() < PAGE) {
                    return visited;
                }
                page = page.after(new MailId(ids.getLast()));
                ids = search.ids(page);
            }
            return visited;
        } finally {
            free.release();
        }
    }

    private <E extends Exception> long visit(List<String> ids, Visitor<E> visitor)
            throws LogUnavailableException, E {
        long visited = 0;
        int first = 0;
        String after = "";
        while (true) {
            Portion portion = read(ids.subList(first, ids.size()), after);
            for (ExportedRecipient one : portion.recipients()) {
                visitor.take(one);
            }
            visited += portion.recipients().size();
            if (portion.recipients().size() < PORTION) {
                return visited;
            }
            first += portion.lastPosition() - 1;
            after = portion.recipients().getLast().recipient();
        }
    }

    private Portion read(List<String> ids, String after) throws LogUnavailableException {
        try (Connection connection = database.connection();
                PreparedStatement statement = connection.prepareStatement(ROWS)) {
            Object[] days = ids.stream().map(id -> new MailId(id).day().toString()).toArray();
            statement.setArray(1, connection.createArrayOf("date", days));
            statement.setArray(2, connection.createArrayOf("text", ids.toArray()));
            statement.setString(3, after);
            statement.setInt(4, PORTION);
            statement.setInt(5, PORTION);
            statement.setQueryTimeout((int) PATIENCE.toSeconds());
            List<ExportedRecipient> recipients = new ArrayList<>();
            int position = 1;
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    position = row.getInt("position");
                    recipients.add(recipient(row));
                }
            }
            return new Portion(recipients, position);
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
    }

    /**
     * What is read at once.
     *
     * @param lastPosition of the last recipient's mail among those asked for, from 1
     */
    private record Portion(List<ExportedRecipient> recipients, int lastPosition) {}

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
