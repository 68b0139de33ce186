package posthaste.bounce.deliverylog;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.service.settings.Setting;

/**
 * The delivery log's database.
 *
 * @param url of a PostgreSQL, version 15 or later; it may be away when the process starts
 * @param username owns the schema
 * @param password may be empty where the server asks for none
 */
@ConfigurationProperties(prefix = "spring.datasource")
public record LogDatabaseProperties(
        @DefaultValue("jdbc:postgresql://localhost:5432/posthaste") String url,
        @DefaultValue("posthaste") String username,
        @DefaultValue("") String password) {
    public LogDatabaseProperties {
        Setting.require(
                "url",
                url,
                url.startsWith("jdbc:postgresql:"),
                "a PostgreSQL: jdbc:postgresql://HOST:PORT/DATABASE");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "LogDatabaseProperties[url=" + url + ", username=" + username + "]";
    }
}
