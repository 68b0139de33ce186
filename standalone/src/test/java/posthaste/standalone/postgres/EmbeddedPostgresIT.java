package posthaste.standalone.postgres;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One cluster through its life. */
@TestMethodOrder(OrderAnnotation.class)
class EmbeddedPostgresIT {
    @TempDir static Path temp;

    @Test
    @Order(1)
    void whatIsStoredSurvivesARestart() throws Exception {
        try (EmbeddedPostgres postgres = start()) {
            execute(postgres, "CREATE TABLE kept (n int)");
            execute(postgres, "INSERT INTO kept VALUES (7)");
        }
        try (EmbeddedPostgres postgres = start()) {
            assertThat(query(postgres, "SELECT n FROM kept")).isEqualTo("7");
            assertThat(query(postgres, "SHOW fsync")).isEqualTo("on");
            assertThat(query(postgres, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    @Order(2)
    void aServerThatDiesIsStartedAgainAtTheSameAddress() throws Exception {
        try (EmbeddedPostgres postgres = start()) {
            long first = serverPid();
            ProcessHandle.of(first).orElseThrow().destroyForcibly();

            await().atMost(30, SECONDS)
                    .ignoreExceptions()
                    .until(() -> query(postgres, "SELECT n FROM kept").equals("7"));
            assertThat(serverPid()).isNotEqualTo(first);
        }
    }

    @Test
    @Order(3)
    void aServerLeftBehindByAKilledProcessIsStopped() throws Exception {
        Process killed =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                KilledPosthaste.class.getName(),
                                temp.toString())
                        .inheritIO()
                        .start();
        assertThat(killed.waitFor()).isEqualTo(9);
        long orphan = serverPid();
        assertThat(isAlive(orphan)).isTrue();

        try (EmbeddedPostgres postgres = start()) {
            await().atMost(5, SECONDS).until(() -> !isAlive(orphan));
            assertThat(query(postgres, "SELECT n FROM kept")).isEqualTo("7");
        }
    }

    /** Starts a server and goes without a word to it. */
    static final class KilledPosthaste {
        public static void main(String[] args) throws Exception {
            EmbeddedPostgres postgres = start(Path.of(args[0]));
            execute(postgres, "SELECT 1");
            Runtime.getRuntime().halt(9);
        }
    }

    @Test
    @Order(4)
    void aStrangerWithTheNumberOfADeadServerIsLeftAlone() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(
                    temp.resolve("home/cluster/postmaster.pid"), stranger.pid() + "\n/nowhere\n");
            try (EmbeddedPostgres postgres = start()) {
                assertThat(query(postgres, "SELECT n FROM kept")).isEqualTo("7");
            }
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroy();
        }
    }

    @Test
    @Order(5)
    void nobodyGetsInWithoutThePassword() throws Exception {
        Path password = temp.resolve("home/password");
        assertThat(Files.getPosixFilePermissions(password))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (EmbeddedPostgres postgres = start()) {
            assertThatThrownBy(() ->
                            DriverManager.getConnection(postgres.url(), postgres.user(), "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    @Order(6)
    void aClusterOfAnotherVersionIsRefused() throws IOException {
        Files.writeString(temp.resolve("home/cluster/PG_VERSION"), "17\n");

        assertThatThrownBy(EmbeddedPostgresIT::start)
                .isInstanceOf(PostgresFailedException.class)
                .hasMessageContaining("is of PostgreSQL 17, this is 18");
    }

    private static EmbeddedPostgres start() throws Exception {
        return start(temp);
    }

    private static EmbeddedPostgres start(Path folder) throws Exception {
        return EmbeddedPostgres.start(folder.resolve("home"), folder.resolve("log/postgres.log"));
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static long serverPid() throws IOException {
        return Long.parseLong(
                Files.readAllLines(temp.resolve("home/cluster/postmaster.pid")).getFirst());
    }

    private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
    }
}
