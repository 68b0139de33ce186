package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import posthaste.service.lifecycle.Rounds;

/**
 * Who runs the servers of the chart domains, by the names of the hosts that attempts met: thousands
 * of domains are hosted by a few. Looked up beside the writing, of today's and yesterday's mail to
 * each.
 */
public final class Providers extends Rounds {
    private static final Duration PAUSE = Duration.ofMinutes(15);
    private static final int PATIENCE_SECONDS = 20;

    /** An entry id begins with its mail's id and a slash, after which 0 is the next character. */
    private static final String HOSTS =
            """
            SELECT c.domain, c.provider, met.remote_host
            FROM chart_domain c
            CROSS JOIN LATERAL (
                SELECT e.remote_host
                FROM (
                    SELECT day, mail_id, address FROM recipient
                    WHERE domain = c.domain AND day >= ? AND attempts > 0 LIMIT 20
                ) AS r
                JOIN event e ON e.day = r.day AND e.entry_id >= r.mail_id || '/'
                    AND e.entry_id < r.mail_id || '0' AND e.recipient = r.address
                WHERE e.remote_host <> ''
                LIMIT 1
            ) AS met
            """;

    private static final String NOTE = "UPDATE chart_domain SET provider = ? WHERE domain = ?";

    /** Below which countries give out names, as in {@code example.co.uk}. */
    private static final Set<String> SECOND_LEVELS =
            Set.of("ac", "co", "com", "edu", "go", "gob", "gov", "gv", "ne", "net", "or", "org");

    private final LogDatabase database;
    private final InstantSource clock;
    private final LastSuccess success;

    Providers(LogDatabase database, InstantSource clock, LastSuccess success) {
        super("providers", PAUSE);
        this.database = database;
        this.clock = clock;
        this.success = success;
    }

    /** Looks once. */
    public void run() throws SQLException {
        try (Connection connection = database.connection();
                PreparedStatement hosts = connection.prepareStatement(HOSTS);
                PreparedStatement note = connection.prepareStatement(NOTE)) {
            hosts.setQueryTimeout(PATIENCE_SECONDS);
            Map<String, String> news = new HashMap<>();
            hosts.setObject(1, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(1));
            try (ResultSet row = hosts.executeQuery()) {
                while (row.next()) {
                    String domain = row.getString(1);
                    String before = row.getString(2);
                    of(row.getString(3))
                            .filter(provider -> !provider.equals(before))
                            .ifPresent(provider -> news.put(domain, provider));
                }
            }
            for (Map.Entry<String, String> one : news.entrySet()) {
                note.setString(1, one.getValue());
                note.setString(2, one.getKey());
                note.executeUpdate();
            }
        }
    }

    /** Those known, by destination. */
    static Map<String, String> read(Connection connection) throws SQLException {
        Map<String, String> known = new HashMap<>();
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "SELECT domain, provider FROM chart_domain WHERE provider <> ''");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                known.put(row.getString(1), row.getString(2));
            }
        }
        return known;
    }

    /** The domain that a host's name was given out below; empty for what is no such name. */
    static Optional<String> of(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        List<String> labels = List.of(name.split("\\.", -1));
        int count = labels.size();
        if (count < 2 || labels.contains("") || !labels.getLast().matches("[a-z][a-z0-9-]*")) {
            return Optional.empty();
        }
        boolean isBelowCountry =
                count > 2
                        && labels.getLast().length() == 2
                        && SECOND_LEVELS.contains(labels.get(count - 2));
        return Optional.of(
                String.join(".", labels.subList(count - (isBelowCountry ? 3 : 2), count)));
    }

    @Override
    protected Duration round() {
        try {
            run();
            success.succeeded();
        } catch (SQLException e) {
            success.failed(e);
        }
        return PAUSE;
    }
}
