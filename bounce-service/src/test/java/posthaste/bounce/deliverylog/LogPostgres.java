package posthaste.bounce.deliverylog;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL of the test's own, with the log's schema. */
public final class LogPostgres implements AutoCloseable {
    private final EmbeddedPostgres server;
    private final LogDatabase database;

    private LogPostgres(EmbeddedPostgres server) {
        this.server = server;
        this.database = LogDatabase.pooled(url(), "postgres", "", 8);
    }

    /** Starts it on a free port of 127.0.0.1. */
    public static LogPostgres start() throws IOException {
        return new LogPostgres(EmbeddedPostgres.builder().start());
    }

    /** Starts it with what lies in {@code folder}, which stays there. */
    static LogPostgres start(Path folder) throws IOException {
        return new LogPostgres(
                EmbeddedPostgres.builder()
                        .setDataDirectory(folder)
                        .setCleanDataDirectory(false)
                        .start());
    }

    public LogDatabase database() {
        return database;
    }

    /** Where it listens. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    /** Throws all rows away, so that tests don't meet each other's. */
    public void empty() throws SQLException {
        try (Connection connection = database.connection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "TRUNCATE mail, recipient, event, conversation, tally, log_offset, rollup");
            statement.execute("UPDATE log_floor SET day = '-infinity'");
        }
    }

    /** Every row of a query, columns joined by {@code |}. */
    public List<String> rows(String sql) throws SQLException {
        try (Connection connection = database.connection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.append(i > 1 ? "|" : "").append(result.getString(i));
                }
                rows.add(row.toString());
            }
            return rows;
        }
    }

    @Override
    public void close() throws IOException {
        database.close();
        server.close();
    }
}
