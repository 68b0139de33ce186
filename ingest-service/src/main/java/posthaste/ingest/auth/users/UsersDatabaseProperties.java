package posthaste.ingest.auth.users;

import static posthaste.service.settings.Setting.between;
import static posthaste.service.settings.Setting.require;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Users and keys in tables of PostgreSQL (docs/operations.md has the schema), which this service
 * reads and never writes. Nothing waits for it that was asked for lately.
 *
 * @param url as {@code jdbc:postgresql://HOST/DATABASE}; empty: none
 * @param username of a role that may read the two tables
 * @param password best given as {@code POSTHASTE_USERSDATABASE_PASSWORD} in the environment
 * @param maxConnections at the same time
 * @param timeout for a connection, and for an answer
 * @param fresh how long a change of a user takes to be noticed
 */
@ConfigurationProperties(prefix = "posthaste.users-database", ignoreUnknownFields = false)
public record UsersDatabaseProperties(
        @DefaultValue("") String url,
        @DefaultValue("") String username,
        @DefaultValue("") String password,
        @DefaultValue("4") int maxConnections,
        @DefaultValue("2s") Duration timeout,
        @DefaultValue("30s") Duration fresh) {

    public UsersDatabaseProperties {
        require(
                "url",
                url,
                url.isEmpty() || url.startsWith("jdbc:postgresql:"),
                "empty or begin with jdbc:postgresql:");
        between("max-connections", maxConnections, 1, 100);
        between("timeout", timeout, Duration.ofMillis(250), Duration.ofSeconds(30));
        between("fresh", fresh, Duration.ZERO, Duration.ofHours(1));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "UsersDatabaseProperties[" + username + "]";
    }
}
