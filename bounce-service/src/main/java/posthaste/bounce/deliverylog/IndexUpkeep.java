package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the indexes that a migration has made on the parents alone, on the days that were there
 * already: one at a time, newest first, without keeping anybody from writing. Whatever breaks off
 * is done again.
 */
final class IndexUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(IndexUpkeep.class);

    /** Of the session: building commits in between. */
    private static final String LOCK = "SELECT pg_try_advisory_lock(721530044)";

    private static final String UNLOCK = "SELECT pg_advisory_unlock(721530044)";

    /** Parent index, its partition without it, and what it is made of. */
    private static final String MISSING =
            """
            SELECT p.relname, day.relname,
                substring(pg_get_indexdef(p.oid) FROM ' USING .*$'),
                (SELECT NOT indisvalid FROM pg_index
                 WHERE indexrelid = to_regclass(day.relname || '_' || p.relname))
            FROM pg_index i
            JOIN pg_class p ON p.oid = i.indexrelid AND p.relkind = 'I'
            JOIN pg_namespace n ON n.oid = p.relnamespace AND n.nspname = current_schema()
            JOIN pg_inherits h ON h.inhparent = i.indrelid
            JOIN pg_class day ON day.oid = h.inhrelid
            WHERE NOT i.indisvalid AND NOT EXISTS (
                SELECT FROM pg_inherits ih JOIN pg_index di ON di.indexrelid = ih.inhrelid
                WHERE ih.inhparent = p.oid AND di.indrelid = day.oid)
            ORDER BY right(day.relname, 8) DESC, p.relname
            """;

    private final Connection connection;

    IndexUpkeep(Connection connection) {
        this.connection = connection;
    }

    /**
     * Builds the next one, unless another process is building.
     *
     * @return whether it has
     */
    boolean run() throws SQLException {
        connection.setAutoCommit(true);
        if (missing().isEmpty()) {
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            if (!isTrue(statement, LOCK)) {
                return false;
            }
            // A day of a hundred million rows takes its time.
            connection.setNetworkTimeout(Runnable::run, 0);
            try {
                // Once again: another process may have been faster.
                List<Missing> missing = missing();
                if (missing.isEmpty()) {
                    return false;
                }
                build(statement, missing.getFirst());
                return true;
            } finally {
                isTrue(statement, UNLOCK);
            }
        }
    }

    private static void build(Statement statement, Missing missing) throws SQLException {
        String name = missing.partition() + "_" + missing.index();
        LOG.info("the delivery log builds an index of an earlier day: {}", name);
        if (missing.isBroken()) {
            statement.execute("DROP INDEX CONCURRENTLY " + name);
        }
        statement.execute(
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS "
                        + name
                        + " ON "
                        + missing.partition()
                        + missing.definition());
        statement.execute("ALTER INDEX " + missing.index() + " ATTACH PARTITION " + name);
    }

    private List<Missing> missing() throws SQLException {
        List<Missing> missing = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(MISSING)) {
            while (row.next()) {
                missing.add(
                        new Missing(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getBoolean(4)));
            }
        }
        return missing;
    }

    private static boolean isTrue(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        }
    }

    /**
     * An index that a day lacks.
     *
     * @param isBroken whether a build of it broke off
     */
    private record Missing(String index, String partition, String definition, boolean isBroken) {}
}
