package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import posthaste.mail.envelope.MailId;

/** The mails that reports are about, as they were accepted. */
public final class LoggedOriginals {
    private static final String MAIL = "SELECT sender, stream FROM mail WHERE day = ? AND id = ?";
    private static final String RECIPIENTS =
            "SELECT address FROM recipient WHERE day = ? AND mail_id = ? ORDER BY address";
    private static final String BY_MESSAGE_ID =
            "SELECT id FROM mail WHERE message_id = ? AND day >= ? ORDER BY id DESC LIMIT 2";
    private static final int PATIENCE_SECONDS = 15;

    private final LogDatabase database;

    /**
     * A mail.
     *
     * @param sender the reverse-path that it was accepted with; empty when that is null
     * @param recipients as they were accepted
     */
    public record Original(MailId id, String sender, String stream, List<String> recipients) {
        public Original {
            recipients = List.copyOf(recipients);
        }
    }

    public LoggedOriginals(LogDatabase database) {
        this.database = database;
    }

    /** The mail of this id; empty when its acceptance is not, or no longer, in the log. */
    public Optional<Original> byId(MailId id) throws LogUnavailableException {
        try (Connection connection = database.connection();
                PreparedStatement mail = prepare(connection, MAIL)) {
            mail.setObject(1, id.day());
            mail.setString(2, id.value());
            try (ResultSet row = mail.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Original(
                                        id,
                                        row.getString("sender"),
                                        row.getString("stream"),
                                        recipients(connection, id)))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
    }

    /**
     * The one mail with this Message-ID field; empty also when there are several, since then nobody
     * knows which one is meant.
     *
     * @param since no mail from before this day is looked at
     */
    public Optional<Original> byMessageId(String messageId, Instant since)
            throws LogUnavailableException {
        List<String> ids = new ArrayList<>();
        try (Connection connection = database.connection();
                PreparedStatement mails = prepare(connection, BY_MESSAGE_ID)) {
            mails.setString(1, messageId);
            mails.setObject(2, LocalDate.ofInstant(since, ZoneOffset.UTC));
            try (ResultSet row = mails.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getString("id"));
                }
            }
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
        return ids.size() == 1 ? byId(new MailId(ids.getFirst())) : Optional.empty();
    }

    private static List<String> recipients(Connection connection, MailId id) throws SQLException {
        List<String> recipients = new ArrayList<>();
        try (PreparedStatement statement = prepare(connection, RECIPIENTS)) {
            statement.setObject(1, id.day());
            statement.setString(2, id.value());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    recipients.add(row.getString("address"));
                }
            }
        }
        return recipients;
    }

    private static PreparedStatement prepare(Connection connection, String sql)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(PATIENCE_SECONDS);
        return statement;
    }
}
