package posthaste.bounce.deliverylog;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections to the log's database. It may be away when the process starts and at any time later:
 * the schema is migrated when it is first reached, and whoever asks meanwhile gets an exception
 * soon instead of a long wait.
 */
public final class LogDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogDatabase.class);

    /** Longer waits would only queue up those who ask. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** A server that takes a statement and never answers; longer than any of our own limits. */
    private static final Duration SOCKET_TIMEOUT = Duration.ofMinutes(2);

    private final DataSource dataSource;
    private final ReentrantLock migrating = new ReentrantLock();
    private volatile boolean migrated;

    /** Takes connections from {@code dataSource}, which need not be reachable yet. */
    public LogDatabase(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A pool that opens no connection before one is asked for. */
    public static LogDatabase pooled(
            String url, String username, String password, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("delivery-log");
        config.setJdbcUrl(url);
        config.setUsername(username);
        config.setPassword(password);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
        config.setValidationTimeout(CONNECT_TIMEOUT.dividedBy(2).toMillis());
        config.setInitializationFailTimeout(-1);
        // A commit need not wait for the disk: a lost tail takes its offsets with it, so that it is
        // read again from the topics.
        config.setConnectionInitSql("SET synchronous_commit = off");
        config.addDataSourceProperty("ApplicationName", "posthaste");
        config.addDataSourceProperty("connectTimeout", CONNECT_TIMEOUT.toSeconds());
        config.addDataSourceProperty("socketTimeout", SOCKET_TIMEOUT.toSeconds());
        config.addDataSourceProperty("tcpKeepAlive", true);
        return new LogDatabase(new HikariDataSource(config));
    }

    /**
     * A connection to a database whose schema is ours.
     *
     * @throws SQLException when the database is away or cannot be migrated
     */
    public Connection connection() throws SQLException {
        if (!migrated) {
            migrate();
        }
        return dataSource.getConnection();
    }

    /** The connection comes first: while there is none, nobody waits for others who wait. */
    private void migrate() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            migrating.lock();
            try {
                if (!migrated) {
                    migrate(connection);
                    migrated = true;
                    LOG.info("the delivery log's database is reached, its schema is up to date");
                }
            } finally {
                migrating.unlock();
            }
        } catch (FlywayException e) {
            throw new SQLException(
                    "the delivery log's schema cannot be migrated: " + e.getMessage(), e);
        }
    }

    private static void migrate(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Flyway.configure()
                .dataSource(new OneTransaction(connection))
                .locations("classpath:db/migration")
                .load()
                .migrate();
        connection.commit();
    }

    @Override
    public void close() {
        if (dataSource instanceof HikariDataSource pool) {
            pool.close();
        }
    }
}
