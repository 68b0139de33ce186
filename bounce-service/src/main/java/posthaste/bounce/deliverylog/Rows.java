package posthaste.bounce.deliverylog;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way into one statement, as one array a column: {@code unnest} makes rows of them
 * again. So a batch is one round trip, whatever its size.
 */
final class Rows {
    private final List<String> types;
    private final List<List<@Nullable Object>> columns = new ArrayList<>();

    /** Takes the SQL types of the columns. */
    Rows(String... types) {
        this.types = List.of(types);
        for (int i = 0; i < types.length; i++) {
            columns.add(new ArrayList<>());
        }
    }

    /** Adds a row; a text loses its NUL characters, which PostgreSQL cannot store. */
    void add(@Nullable Object... values) {
        if (values.length != types.size()) {
            throw new IllegalArgumentException(
                    values.length + " values for " + types.size() + " columns");
        }
        for (int i = 0; i < values.length; i++) {
            columns.get(i).add(storable(values[i]));
        }
    }

    int size() {
        return columns.getFirst().size();
    }

    /**
     * Sets the first parameters of {@code statement}: one array a column.
     *
     * @return the number of the next parameter
     */
    int bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < types.size(); i++) {
            statement.setArray(
                    i + 1,
                    statement
                            .getConnection()
                            .createArrayOf(types.get(i), typed(types.get(i), columns.get(i))));
        }
        return types.size() + 1;
    }

    /** The driver sends typed arrays in binary form, others as one long text. */
    private static @Nullable Object[] typed(String type, List<@Nullable Object> column) {
        return switch (type) {
            case "text" -> column.toArray(new String[0]);
            case "int4" -> column.toArray(new Integer[0]);
            case "int8" -> column.toArray(new Long[0]);
            case "bool" -> column.toArray(new Boolean[0]);
            default -> throw new IllegalArgumentException("no column of ours has type " + type);
        };
    }

    private static @Nullable Object storable(@Nullable Object value) {
        return value instanceof String text && text.indexOf('\0') >= 0
                ? text.replace('\0', ' ')
                : value;
    }
}
