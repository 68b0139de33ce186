package posthaste.bounce.suppression;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import posthaste.bounce.deliverylog.LogDatabase;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.service.suppression.SuppressionClass;

/** Finds entries by address, domain, class and stream, in the order of addresses. */
public final class SuppressionSearch {
    private static final int EXPORT_PAGE = 5_000;
    private static final int PATIENCE_SECONDS = 15;
    private static final char LAST_CHARACTER = '\uffff';

    private final LogDatabase database;
    private final InstantSource clock;

    public SuppressionSearch(LogDatabase database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A page. */
    public List<ListedAddress> find(SuppressionQuery query) throws LogUnavailableException {
        Statement sql = statement(query);
        try (Connection connection = database.connection();
                PreparedStatement select = connection.prepareStatement(sql.text.toString())) {
            select.setQueryTimeout(PATIENCE_SECONDS);
            for (int i = 0; i < sql.values.size(); i++) {
                select.setObject(i + 1, sql.values.get(i));
            }
            List<ListedAddress> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(entry(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        }
    }

    /**
     * All that a query finds, page by page, so that no transaction is held open by a slow reader.
     */
    public void forEach(SuppressionQuery query, Consumer<ListedAddress> each)
            throws LogUnavailableException {
        SuppressionQuery page =
                new SuppressionQuery(
                        query.address(),
                        query.suppressionClass(),
                        query.stream(),
                        query.removed(),
                        query.after(),
                        EXPORT_PAGE);
        List<ListedAddress> found = find(page);
        while (!found.isEmpty()) {
            found.forEach(each);
            found = found.size() < EXPORT_PAGE ? List.of() : find(page.from(found.getLast()));
        }
    }

    private Statement statement(SuppressionQuery query) {
        Statement sql = new Statement();
        sql.and(query.removed() ? "class = 0" : "class > 0");
        sql.and("(expires IS NULL OR expires > ?)", Timestamp.from(clock.instant()));
        if (query.address().startsWith("@")) {
            sql.and("split_part(address, '@', -1) COLLATE \"C\" = ?", query.address().substring(1));
        } else if (!query.address().isEmpty()) {
            sql.and("address >= ?", query.address());
            sql.and("address < ?", query.address() + LAST_CHARACTER);
        }
        query.suppressionClass().ifPresent(only -> sql.and("class = ?", (short) only.code()));
        query.stream().ifPresent(only -> sql.and("stream = ?", only));
        query.after()
                .ifPresent(after ->
                        sql.and("(address, stream) > (?, ?)", after.address(), after.stream()));
        sql.text.append(" ORDER BY address, stream LIMIT ").append(query.limit());
        return sql;
    }

    private static ListedAddress entry(ResultSet row) throws SQLException {
        int place = row.getInt("class");
        Timestamp expires = row.getTimestamp("expires");
        return new ListedAddress(
                row.getString("address"),
                row.getString("stream"),
                SuppressionClass.ofCode(place).map(SuppressionClass::word).orElse("removed"),
                row.getBoolean("in_force"),
                row.getInt("count"),
                row.getString("reason"),
                row.getString("source"),
                row.getTimestamp("since").toInstant(),
                row.getTimestamp("last").toInstant(),
                expires == null ? null : expires.toInstant());
    }

    private static final class Statement {
        private final StringBuilder text =
                new StringBuilder("SELECT * FROM suppression WHERE true");
        private final List<Object> values = new ArrayList<>();

        void and(String condition, Object... of) {
            text.append(" AND ").append(condition);
            values.addAll(List.of(of));
        }
    }
}
