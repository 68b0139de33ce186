package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The destinations that charts tell apart. While there is room, whoever comes gets in; later the
 * busy ones take the place of those that nothing is sent to any more. An event that may be counted
 * anew notes where it was counted, so that this may change at any time.
 */
final class ChartDomains {
    private static final String ADD =
            """
            INSERT INTO chart_domain (domain)
            SELECT domain
            FROM (SELECT DISTINCT unnest(?) AS domain EXCEPT SELECT domain FROM chart_domain) AS new
            ORDER BY domain
            LIMIT greatest(0, ? - (SELECT count(*) FROM chart_domain))
            ON CONFLICT DO NOTHING
            """;

    /** Of the newest recipients, so that the price does not grow with the log. */
    private static final String BUSY =
            """
            SELECT domain FROM (
                SELECT domain FROM recipient WHERE day >= current_date - 1
                ORDER BY day DESC, mail_id DESC LIMIT 200000
            ) AS newest
            GROUP BY domain ORDER BY count(*) DESC, domain LIMIT ?
            """;

    private final int most;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    ChartDomains(int most) {
        this.most = most;
    }

    /** Where it is counted. */
    String of(String domain) {
        return known.contains(domain) ? domain : LogCharts.REST;
    }

    /** Lets in who comes, as long as there is room; commits. */
    void meet(Connection connection, Set<String> domains) throws SQLException {
        if (known.size() >= most || known.containsAll(domains)) {
            return;
        }
        connection.setAutoCommit(true);
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            statement.setArray(1, connection.createArrayOf("text", domains.toArray(new String[0])));
            statement.setInt(2, most);
            statement.executeUpdate();
        }
        read(connection);
    }

    /** Reads them anew: others change them too. */
    void read(Connection connection) throws SQLException {
        Set<String> all = new HashSet<>();
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT domain FROM chart_domain");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                all.add(row.getString(1));
            }
        }
        known.retainAll(all);
        known.addAll(all);
    }

    /** Has those of whom nothing is sent any more make room for the busy ones; commits. */
    void elect(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
        read(connection);
        if (known.size() < most) {
            return;
        }
        Set<String> busy = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(BUSY)) {
            statement.setInt(1, most);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    busy.add(row.getString(1));
                }
            }
        }
        Set<String> idle = new HashSet<>(known);
        idle.removeAll(busy);
        busy.removeAll(known);
        if (busy.isEmpty()) {
            return;
        }
        replace(
                connection,
                "DELETE FROM chart_domain WHERE domain = ANY (?)",
                idle.stream().sorted().limit(busy.size()).toArray(String[]::new));
        replace(
                connection,
                "INSERT INTO chart_domain SELECT unnest(?) ON CONFLICT DO NOTHING",
                busy.stream().sorted().toArray(String[]::new));
        read(connection);
    }

    private static void replace(Connection connection, String sql, String[] domains)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", domains));
            statement.executeUpdate();
        }
    }

    /** Asks the database again: it may be another one. */
    void forget() {
        known.clear();
    }
}
