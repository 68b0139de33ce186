package posthaste.bounce.deliverylog;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A process that dies at a given step of its work with a database: before a statement, or between a
 * commit and whatever would have come next. All of its connections end with it.
 */
final class MortalDatabase {
    private static final Set<String> STATEMENTS =
            Set.of("createStatement", "prepareStatement", "prepareCall");

    private final DataSource dataSource;
    private final List<Connection> open = new ArrayList<>();
    private int stepsLeft;

    /** Dies at the {@code step}th step, counted from 1. */
    MortalDatabase(DataSource real, int step) {
        this.stepsLeft = step;
        this.dataSource =
                proxy(
                        DataSource.class,
                        (method, arguments) -> {
                            Object result = invoke(real, method, arguments);
                            return result instanceof Connection connection
                                    ? mortal(connection)
                                    : result;
                        });
    }

    DataSource dataSource() {
        return dataSource;
    }

    boolean hasDied() {
        return stepsLeft <= 0;
    }

    private Connection mortal(Connection connection) {
        open.add(connection);
        return proxy(
                Connection.class,
                (method, arguments) -> {
                    if (STATEMENTS.contains(method.getName())) {
                        step();
                        return invoke(connection, method, arguments);
                    }
                    Object result = invoke(connection, method, arguments);
                    if (method.getName().equals("commit")) {
                        step();
                    }
                    return result;
                });
    }

    private void step() throws SQLException {
        stepsLeft--;
        if (hasDied()) {
            for (Connection connection : open) {
                connection.close();
            }
            throw new SQLException("dead");
        }
    }

    private interface Call {
        @Nullable Object of(Method method, Object @Nullable [] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> call.of(method, arguments)));
    }

    private static @Nullable Object invoke(
            Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
