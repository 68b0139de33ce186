package posthaste.ingest.auth.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import posthaste.ingest.auth.sasl.DecoyVerifiers;
import posthaste.ingest.auth.sasl.ScramVerifier;
import posthaste.mail.envelope.Stream;
import posthaste.testing.SettableClock;

/** Users in a real PostgreSQL, by the schema that the documentation tells. */
class DatabaseUsersIT {
    private static final String HASH = "{bcrypt}" + new BCryptPasswordEncoder(4).encode("secret");
    private static EmbeddedPostgres postgres;

    private final SettableClock clock = SettableClock.at("2026-11-22T10:00:00Z");
    private final AtomicBoolean away = new AtomicBoolean();
    private final DatabaseUsers database =
            new DatabaseUsers(
                    new Switched(postgres.getPostgresDatabase(), away),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    Duration.ofHours(1),
                    clock);
    private final Passwords passwords = new Passwords(2, Duration.ofSeconds(30));
    private final Users users =
            new Users(
                    List.of(database),
                    passwords,
                    new LoginCache(Duration.ZERO, Duration.ofHours(1), clock),
                    new DecoyVerifiers(new byte[] {1}));
    private final ApiKeys keys = new ApiKeys(List.of(database));

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        execute(schema());
        execute(
                "INSERT INTO posthaste_users (name, password, scram, senders, stream) VALUES"
                        + " ('ann@example.org', '"
                        + HASH
                        + "', '"
                        + ScramVerifier.of("secret", new byte[16], 4096).encoded()
                        + "', '{}', NULL),"
                        + " ('news', '"
                        + HASH
                        + "', NULL, '{example.net,*.example.net}', 'bulk'),"
                        + " ('bad', 'plain text', NULL, '{*}', NULL)");
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @Test
    void whoIsInTheTableLogsIn() throws Exception {
        assertThat(users.withPassword("Ann@example.org", "secret"))
                .hasValueSatisfying(
                        login -> assertThat(login.senders()).containsExactly("ann@example.org"));
        assertThat(users.withPassword("news", "secret"))
                .hasValueSatisfying(login -> {
                    assertThat(login.senders()).containsExactly("example.net", "*.example.net");
                    assertThat(login.stream()).isEqualTo(Optional.of(new Stream("bulk")));
                });
        assertThat(users.withPassword("news", "guess")).isEmpty();
        assertThat(users.withPassword("bad", "plain text")).isEmpty();
        assertThat(users.withPassword("' OR '1'='1", "secret")).isEmpty();
        assertThat(users.scram("ann@example.org").fits("secret")).isTrue();
    }

    @Test
    void aKeyIsItsUsers() throws Exception {
        String secret = ApiKey.newSecret();
        execute(
                "INSERT INTO posthaste_api_keys (hash, name, user_name, scopes) VALUES ('"
                        + ApiKey.hash(secret)
                        + "', 'web', 'news', '{send}')");
        assertThat(keys.find(secret))
                .hasValueSatisfying(holder -> {
                    assertThat(holder.login().name()).isEqualTo("news");
                    assertThat(holder.scopes()).containsExactly("send");
                });
        assertThat(keys.find(ApiKey.newSecret())).isEmpty();
    }

    @Test
    void aChangeIsNoticedAfterAWhile() throws Exception {
        execute("INSERT INTO posthaste_users (name, password) VALUES ('c@d.e', '" + HASH + "')");
        assertThat(users.withPassword("c@d.e", "secret")).isPresent();
        execute("UPDATE posthaste_users SET disabled = true WHERE name = 'c@d.e'");
        assertThat(users.withPassword("c@d.e", "secret")).isPresent();
        clock.advance(Duration.ofSeconds(31));
        assertThat(users.withPassword("c@d.e", "secret")).isEmpty();
    }

    @Test
    void whileItIsAwayKnownUsersAndKeysGoOnForAWhile() throws Exception {
        String secret = ApiKey.newSecret();
        execute(
                "INSERT INTO posthaste_api_keys (hash, name, user_name) VALUES ('"
                        + ApiKey.hash(secret)
                        + "', 'app', 'news')");
        assertThat(users.withPassword("news", "secret")).isPresent();
        assertThat(keys.find(secret)).isPresent();
        away.set(true);
        clock.advance(Duration.ofMinutes(30));
        assertThat(users.withPassword("news", "secret")).isPresent();
        assertThat(users.withPassword("news", "guess")).isEmpty();
        assertThat(keys.find(secret)).isPresent();
        assertThatThrownBy(() -> users.withPassword("ann@example.org", "secret"))
                .isInstanceOf(UsersAwayException.class);
        clock.advance(Duration.ofMinutes(31));
        assertThatThrownBy(() -> keys.find(secret)).isInstanceOf(UsersAwayException.class);
        away.set(false);
        clock.advance(Duration.ofMinutes(1));
        assertThat(users.withPassword("news", "secret")).isPresent();
    }

    /** From docs/operations.md, so that what is written there works. */
    private static String schema() throws IOException {
        String root = System.getProperty("posthaste.root");
        String text = Files.readString(Path.of(root, "docs", "operations.md"));
        int begin = text.indexOf("CREATE TABLE posthaste_users");
        return text.substring(begin, text.indexOf("```", begin));
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A line that can be cut. */
    private static final class Switched extends AbstractDataSource {
        private final DataSource database;
        private final AtomicBoolean away;

        Switched(DataSource database, AtomicBoolean away) {
            this.database = database;
            this.away = away;
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (away.get()) {
                throw new SQLException("the line is cut");
            }
            return database.getConnection();
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }
    }
}
