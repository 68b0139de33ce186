package posthaste.bounce.operator;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.bounce.deliverylog.LogDatabase;
import posthaste.bounce.deliverylog.LogUnavailableException;

/**
 * The record of what people did, in the log's database. An action is recorded, and the record is on
 * disk, before it is carried out: so nothing is ever done by nobody.
 */
public final class OperatorActions {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorActions.class);
    private static final int PATIENCE_SECONDS = 5;

    /** Of what is kept of a text that somebody typed. */
    private static final int TEXT_LIMIT = 1000;

    private static final String BEGIN =
            """
            INSERT INTO operator_action (at, operator, role, address, action, target, detail)
            VALUES (?, ?, ?, ?, ?, ?, ?)\
            """;
    private static final String END = "UPDATE operator_action SET result = ? WHERE id = ?";
    private static final String FIND =
            """
            SELECT * FROM operator_action
            WHERE (? = '' OR operator = ?) AND starts_with(action, ?)
            AND (? = '' OR strpos(lower(target), lower(?)) > 0)
            AND at >= ? AND at < ? AND id < ?
            ORDER BY id DESC LIMIT ?\
            """;

    private static final String FORGET = "DELETE FROM operator_action WHERE at < ?";

    private static final Timestamp FIRST = new Timestamp(0);
    private static final Timestamp LAST = Timestamp.valueOf("9999-12-31 00:00:00");

    private final LogDatabase database;
    private final InstantSource clock;

    public OperatorActions(LogDatabase database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Records what is about to be done.
     *
     * @param action as {@code quarantine.release}
     * @param target a mail's id, an address, a filter
     * @param detail the operator's reason, or what else they said; may be empty
     * @throws NotRecordedException when that failed: then it must not be done
     */
    public RecordedAction begin(Operator who, String action, String target, String detail)
            throws NotRecordedException {
        try (Connection connection = database.connection();
                Statement settings = connection.createStatement();
                PreparedStatement insert =
                        connection.prepareStatement(BEGIN, Statement.RETURN_GENERATED_KEYS)) {
            connection.setAutoCommit(false);
            settings.execute("SET LOCAL synchronous_commit = on");
            insert.setQueryTimeout(PATIENCE_SECONDS);
            insert.setTimestamp(1, Timestamp.from(clock.instant()));
            insert.setString(2, kept(who.name()));
            insert.setString(3, who.role().word());
            insert.setString(4, kept(who.address()));
            insert.setString(5, kept(action));
            insert.setString(6, kept(target));
            insert.setString(7, kept(detail));
            insert.executeUpdate();
            long id;
            try (ResultSet keys = insert.getGeneratedKeys()) {
                keys.next();
                id = keys.getLong("id");
            }
            connection.commit();
            return new RecordedAction(this, id);
        } catch (SQLException e) {
            throw new NotRecordedException(e);
        }
    }

    /** Newest first. */
    public List<OperatorAction> find(ActionQuery query) throws LogUnavailableException {
        try (Connection connection = database.connection();
                PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setQueryTimeout(PATIENCE_SECONDS);
            select.setString(1, query.operator());
            select.setString(2, query.operator());
            select.setString(3, query.action());
            select.setString(4, query.target());
            select.setString(5, query.target());
            select.setTimestamp(6, query.from().map(Timestamp::from).orElse(FIRST));
            select.setTimestamp(7, query.to().map(Timestamp::from).orElse(LAST));
            select.setLong(8, query.before().orElse(Long.MAX_VALUE));
            select.setInt(9, query.limit());
            List<OperatorAction> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(
                            new OperatorAction(
                                    row.getLong("id"),
                                    row.getTimestamp("at").toInstant(),
                                    row.getString("operator"),
                                    row.getString("role"),
                                    row.getString("address"),
                                    row.getString("action"),
                                    row.getString("target"),
                                    row.getString("detail"),
                                    Optional.ofNullable(row.getString("result"))));
                }
            }
            return found;
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
    }

    /**
     * Lets go of what is older.
     *
     * @return how many
     */
    int forgetBefore(Instant oldest) throws SQLException {
        try (Connection connection = database.connection();
                PreparedStatement delete = connection.prepareStatement(FORGET)) {
            delete.setTimestamp(1, Timestamp.from(oldest));
            return delete.executeUpdate();
        }
    }

    /** Without its end an action stands as begun, which is what is known then. */
    void end(long id, String result) {
        try (Connection connection = database.connection();
                PreparedStatement update = connection.prepareStatement(END)) {
            update.setQueryTimeout(PATIENCE_SECONDS);
            update.setString(1, kept(result));
            update.setLong(2, id);
            update.executeUpdate();
        } catch (SQLException e) {
            LOG.warn(
                    "what came of the recorded action {} could not be recorded: {}", id, result, e);
        }
    }

    /** PostgreSQL's texts have no NUL. */
    private static String kept(String text) {
        String clean = text.replace('\0', '\ufffd');
        return clean.length() > TEXT_LIMIT ? clean.substring(0, TEXT_LIMIT) + "…" : clean;
    }
}
