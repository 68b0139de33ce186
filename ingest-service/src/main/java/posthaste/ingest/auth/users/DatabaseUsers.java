package posthaste.ingest.auth.users;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.ingest.auth.sasl.ScramVerifier;
import posthaste.ingest.auth.users.ApiKeys.KeyHolder;
import posthaste.ingest.submitter.Login;
import posthaste.mail.envelope.Stream;

/**
 * Users in tables of PostgreSQL (docs/operations.md has the schema), read and never written here.
 * Known ones are kept, so that logins go on while the database is away.
 */
public final class DatabaseUsers implements UserSource, ApiKeys.KeySource {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseUsers.class);

    private static final String USER =
            "SELECT name, password, scram, senders, stream FROM posthaste_users"
                    + " WHERE name = ? AND NOT disabled";
    private static final String KEY =
            "SELECT k.name AS key_name, k.scopes, u.name, u.password, u.scram, u.senders, u.stream"
                    + " FROM posthaste_api_keys k JOIN posthaste_users u ON u.name = k.user_name"
                    + " WHERE k.hash = ? AND NOT k.disabled AND NOT u.disabled";

    private final DataSource database;
    private final Duration timeout;
    private final CachedLookups<User> users;
    private final CachedLookups<KeyHolder> keys;
    private final Object state = new Object();

    /**
     * Asks as needed; a database that is away at first is no fault.
     *
     * @param timeout for one question
     * @param fresh how long a change of a user takes to be noticed
     * @param outlast how long a known user can log in while the database is away
     */
    public DatabaseUsers(
            DataSource database,
            Duration timeout,
            Duration fresh,
            Duration outlast,
            InstantSource clock) {
        this.database = database;
        this.timeout = timeout;
        this.users = new CachedLookups<>("the users' database", fresh, outlast, clock);
        this.keys = new CachedLookups<>("the users' database", fresh, outlast, clock);
    }

    @Override
    public Optional<KnownUser> find(String name) throws UsersAwayException {
        return users.find(name, () -> ask(USER, name, DatabaseUsers::user))
                .map(KnownUser.class::cast);
    }

    @Override
    public Optional<KeyHolder> findKey(String hash) throws UsersAwayException {
        return keys.find(hash, () -> ask(KEY, hash, DatabaseUsers::holder));
    }

    /** Who is taken away is noticed by looking, not by this. */
    @Override
    public Object state() {
        return state;
    }

    private interface Row<T> {
        Optional<T> read(ResultSet row) throws SQLException;
    }

    private <T> Optional<T> ask(String question, String parameter, Row<T> row)
            throws UsersAwayException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(question)) {
            statement.setQueryTimeout(Math.max(1, (int) timeout.toSeconds()));
            statement.setString(1, parameter);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? row.read(result) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new UsersAwayException(
                    "the users' database cannot be asked: " + e.getMessage(), e);
        }
    }

    private static Optional<User> user(ResultSet row) throws SQLException {
        String name = row.getString("name");
        Optional<String> hash = Optional.ofNullable(row.getString("password"));
        Optional<String> scram = Optional.ofNullable(row.getString("scram"));
        List<String> senders = new ArrayList<>();
        for (String pattern : strings(row.getArray("senders"))) {
            Optional<String> parsed = SenderPattern.parse(pattern);
            if (parsed.isEmpty()) {
                return wrong(name, "senders");
            }
            senders.add(parsed.get());
        }
        if (senders.isEmpty()) {
            SenderPattern.parse(name).filter(own -> own.contains("@")).ifPresent(senders::add);
        }
        if (hash.isPresent() && !Passwords.isHash(hash.get())) {
            return wrong(name, "password");
        }
        Optional<ScramVerifier> verifier = scram.flatMap(ScramVerifier::parse);
        if (scram.isPresent() && verifier.isEmpty()) {
            return wrong(name, "scram");
        }
        try {
            Optional<Stream> stream = Optional.ofNullable(row.getString("stream")).map(Stream::new);
            return Optional.of(new User(new Login(name, senders, stream), hash, verifier));
        } catch (IllegalArgumentException _) {
            return wrong(name, "stream");
        }
    }

    private static Optional<KeyHolder> holder(ResultSet row) throws SQLException {
        Optional<User> user = user(row);
        if (user.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new KeyHolder(
                        user.get().login(),
                        row.getString("key_name"),
                        Set.of(strings(row.getArray("scopes")))));
    }

    private static String[] strings(Array array) throws SQLException {
        return array.getArray() instanceof String[] texts ? texts : new String[0];
    }

    /** A row is one user's: the others are not to suffer for it. */
    private static <T> Optional<T> wrong(String name, String column) {
        LOG.error("the user {} cannot log in: the column {} is wrong", name, column);
        return Optional.empty();
    }
}
