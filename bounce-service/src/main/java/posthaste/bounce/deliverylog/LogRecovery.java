package posthaste.bounce.deliverylog;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import posthaste.mail.envelope.MailId;

/** What is asked of the log when a queue is rebuilt from bodies: who needs no mail any more. */
public final class LogRecovery {
    private static final String STANDINGS =
            """
            SELECT r.mail_id, r.address, r.standing
            FROM unnest(?, ?) AS w(day_number, id)
            JOIN recipient r ON r.day = date '1970-01-01' + w.day_number AND r.mail_id = w.id
            """;

    /** From here on a standing is an end; see the schema. */
    private static final int FIRST_END = 2;

    private final LogDatabase database;

    public LogRecovery(LogDatabase database) {
        this.database = database;
    }

    /** Which of these mails' recipients the log knows. */
    public Standings standings(Collection<MailId> mails) throws LogUnavailableException {
        List<MailId> asked = List.copyOf(mails);
        Map<String, Map<String, Boolean>> known = new HashMap<>();
        try (Connection connection = database.connection();
                PreparedStatement statement = connection.prepareStatement(STANDINGS)) {
            Array days =
                    connection.createArrayOf(
                            "int4",
                            asked.stream().map(id -> (int) id.day().toEpochDay()).toArray());
            Array ids =
                    connection.createArrayOf("text", asked.stream().map(MailId::value).toArray());
            statement.setArray(1, days);
            statement.setArray(2, ids);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    known.computeIfAbsent(row.getString(1), _ -> new HashMap<>())
                            .put(row.getString(2), row.getInt(3) >= FIRST_END);
                }
            }
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
        return new Standings(known);
    }

    /**
     * Makes the log read every topic from its beginning: the offsets that it noted are those of
     * topics that are no more. What it has read already it recognises.
     */
    public void forgetOffsets() throws LogUnavailableException {
        try (Connection connection = database.connection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM log_offset");
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
    }

    /** How recipients stand, by mail id and address; true: there is an end. */
    public record Standings(Map<String, Map<String, Boolean>> byMail) {

        /** Nothing is known of anybody. */
        public static Standings none() {
            return new Standings(Map.of());
        }

        /** Whether the log has heard of this recipient. */
        public boolean knows(String mailId, String address) {
            return of(mailId).containsKey(address);
        }

        /** Whether nothing more is to happen to this recipient. */
        public boolean isSettled(String mailId, String address) {
            return of(mailId).getOrDefault(address, false);
        }

        private Map<String, Boolean> of(String mailId) {
            return byMail.getOrDefault(mailId, Map.of());
        }
    }
}
