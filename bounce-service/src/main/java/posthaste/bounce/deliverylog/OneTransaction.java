package posthaste.bounce.deliverylog;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One connection whose transaction stays open whatever its users say: so all that Flyway does, who
 * would commit a change of the schema and the note of it one after the other, happens or not.
 * Whoever dies between the two would leave a schema that nobody can migrate any more.
 */
final class OneTransaction implements DataSource {
    private final Connection shared;

    /** The connection's transaction is begun, and ended, by who made it. */
    OneTransaction(Connection connection) {
        this.shared =
                (Connection)
                        Proxy.newProxyInstance(
                                OneTransaction.class.getClassLoader(),
                                new Class<?>[] {Connection.class},
                                (_, method, arguments) -> {
                                    switch (method.getName()) {
                                        case "commit", "setAutoCommit", "close" -> {
                                            return null;
                                        }
                                        case "isClosed" -> {
                                            return false;
                                        }
                                        default -> {
                                            try {
                                                return method.invoke(connection, arguments);
                                            } catch (InvocationTargetException e) {
                                                throw e.getCause();
                                            }
                                        }
                                    }
                                });
    }

    @Override
    public Connection getConnection() {
        return shared;
    }

    @Override
    public Connection getConnection(String username, String password) {
        return shared;
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return shared.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return shared.isWrapperFor(type);
    }
}
