package posthaste.standalone.backup;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * The delivery log as files, all of one moment: a list of tables, and each one's rows as COPY
 * writes them. The programs of PostgreSQL that would do it (pg_dump, pg_basebackup) are not in the
 * jar.
 *
 * <p>How far the log had read is left out: a log that was put back reads the topics from their
 * beginning, and recognises what it has. So its copy need not be as old as that of the topics.
 */
final class LogDump {
    private static final String TABLES = "tables";
    private static final String VERSION = "schema-version";
    private static final Set<String> LEFT_OUT = Set.of("log_offset", "flyway_schema_history");

    /** A table that holds rows, and, of a partition, how it is made. */
    private record Table(String name, String columns, String definition) {}

    private LogDump() {}

    /**
     * Writes the log into a folder.
     *
     * @return rows
     */
    static long export(Connection connection, Path folder) throws SQLException, IOException {
        Files.createDirectories(folder);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        try {
            Files.writeString(folder.resolve(VERSION), version(connection));
            CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
            List<String> lines = new ArrayList<>();
            long rows = 0;
            for (Table table : tables(connection)) {
                lines.add(table.name() + "\t" + table.columns() + "\t" + table.definition());
                try (OutputStream out =
                        new BufferedOutputStream(
                                new GZIPOutputStream(
                                        Files.newOutputStream(file(folder, table.name()))))) {
                    rows +=
                            copy.copyOut(
                                    "COPY (SELECT "
                                            + table.columns()
                                            + " FROM "
                                            + table.name()
                                            + ") TO STDOUT",
                                    out);
                }
            }
            // Last: without it the dump is unfinished.
            Files.write(folder.resolve(TABLES), lines);
            return rows;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
            connection.setReadOnly(false);
        }
    }

    /**
     * Reads what {@link #export} wrote into a database that has the schema, and no rows.
     *
     * @return rows
     */
    static long restore(Connection connection, Path folder) throws SQLException, IOException {
        String version = Files.readString(folder.resolve(VERSION));
        if (!version.equals(version(connection))) {
            throw new SQLException(
                    "the copy's schema has version "
                            + version
                            + ", this program's "
                            + version(connection)
                            + ": restore it with the version that made it, then upgrade");
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
            // Rows may refer to rows of tables that come later.
            statement.execute("SET LOCAL session_replication_role = replica");
            long rows = 0;
            for (String line : Files.readAllLines(folder.resolve(TABLES))) {
                String[] parts = line.split("\t", -1);
                Table table = new Table(parts[0], parts[1], parts[2]);
                if (!table.definition().isEmpty()) {
                    statement.execute(table.definition());
                } else {
                    // What a migration puts in is in the copy, too.
                    statement.execute("DELETE FROM " + table.name());
                }
                try (InputStream in =
                        new BufferedInputStream(
                                new GZIPInputStream(
                                        Files.newInputStream(file(folder, table.name()))))) {
                    rows +=
                            copy.copyIn(
                                    "COPY "
                                            + table.name()
                                            + " ("
                                            + table.columns()
                                            + ") FROM STDIN",
                                    in);
                }
            }
            moveSequences(statement);
            connection.commit();
            return rows;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static Path file(Path folder, String table) {
        return folder.resolve(table + ".copy.gz");
    }

    private static String version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT coalesce(string_agg(version, ',' ORDER BY installed_rank), '')"
                                        + " FROM flyway_schema_history WHERE success")) {
            row.next();
            return row.getString(1);
        }
    }

    /**
     * Those that hold rows, in the order of their names; columns that are computed are left out.
     */
    private static List<Table> tables(Connection connection) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                SELECT quote_ident(c.relname), c.relname,
                                    (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
                                        FROM pg_attribute a
                                        WHERE a.attrelid = c.oid AND a.attnum > 0
                                            AND NOT a.attisdropped AND a.attgenerated = ''),
                                    coalesce('CREATE TABLE ' || quote_ident(c.relname)
                                        || ' PARTITION OF ' || i.inhparent::regclass || ' '
                                        || pg_get_expr(c.relpartbound, c.oid), '')
                                FROM pg_class c
                                LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
                                WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
                                ORDER BY c.relname
                                """)) {
            while (row.next()) {
                if (!LEFT_OUT.contains(row.getString(2))) {
                    tables.add(new Table(row.getString(1), row.getString(3), row.getString(4)));
                }
            }
        }
        return tables;
    }

    /** Numbers that are given out have to go on behind those that were. */
    private static void moveSequences(Statement statement) throws SQLException {
        List<String> moves = new ArrayList<>();
        try (ResultSet row =
                statement.executeQuery(
                        """
                        SELECT format('SELECT setval(%L, (SELECT coalesce(max(%I), 0) + 1 FROM %s), false)',
                            pg_get_serial_sequence(c.oid::regclass::text, a.attname), a.attname,
                            c.oid::regclass)
                        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
                            AND a.attnum > 0 AND NOT a.attisdropped
                            AND pg_get_serial_sequence(c.oid::regclass::text, a.attname) IS NOT NULL
                        """)) {
            while (row.next()) {
                moves.add(row.getString(1));
            }
        }
        for (String move : moves.stream().distinct().collect(Collectors.toList())) {
            statement.execute(move);
        }
    }
}
