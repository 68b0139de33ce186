package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.mail.envelope.MailId;

/** A mail that one operator's order is about; held by a transaction, so that it ends with us. */
public final class MailLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MailLock.class);

    private final Connection connection;

    private MailLock(Connection connection) {
        this.connection = connection;
    }

    /** Takes the connection over, also when there is no lock to be had. */
    static Optional<MailLock> on(Connection connection, MailId id) throws SQLException {
        boolean locked = false;
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT pg_try_advisory_xact_lock(hashtextextended(?, 721530042))")) {
            connection.setAutoCommit(false);
            statement.setString(1, id.value());
            try (ResultSet row = statement.executeQuery()) {
                locked = row.next() && row.getBoolean(1);
            }
        } finally {
            if (!locked) {
                connection.close();
            }
        }
        return locked ? Optional.of(new MailLock(connection)) : Optional.empty();
    }

    @Override
    public void close() {
        try (connection) {
            connection.rollback();
        } catch (SQLException e) {
            // The lock ended with the connection.
            LOG.debug("the lock of a mail ended before it was released", e);
        }
    }
}
