package posthaste.bounce.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The web page and REST.
 *
 * @param adminPassword of the user {@code admin}; the environment variable {@code
 *     POSTHASTE_ADMIN_PASSWORD} does as well. Without either one is made once, in the file {@code
 *     admin-password} of the data folder
 */
@ConfigurationProperties(prefix = "posthaste.web", ignoreUnknownFields = false)
public record WebProperties(@DefaultValue("") String adminPassword) {

    /** Without the password. */
    @Override
    public String toString() {
        return "WebProperties[]";
    }
}
