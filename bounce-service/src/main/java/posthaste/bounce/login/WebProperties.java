package posthaste.bounce.login;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import posthaste.service.settings.Setting;

/**
 * The web page and REST.
 *
 * @param adminPassword of the user {@code admin}; the environment variable {@code
 *     POSTHASTE_ADMIN_PASSWORD} does as well. Without either one is made once, in the file {@code
 *     admin-password} of the data folder
 * @param usersFile further users, one a line: {@code user NAME role=ROLE password=HASH}
 *     (docs/web-page.md); a change is in force within seconds
 * @param session how long a login on the page lasts while nothing is done
 * @param sessionAge how long a login on the page lasts at all: then people log in again, and the
 *     role that a provider gives them is asked for anew. An open page of the queue never idles
 * @param actionsRetention how long the record of what people did is kept
 * @param oidc login by a provider of OpenID Connect
 */
@ConfigurationProperties(prefix = "posthaste.web", ignoreUnknownFields = false)
public record WebProperties(
        @DefaultValue("") String adminPassword,
        @Nullable Path usersFile,
        @DefaultValue("8h") Duration session,
        @DefaultValue("1d") Duration sessionAge,
        @DefaultValue("730d") Duration actionsRetention,
        @DefaultValue Oidc oidc) {

    /**
     * Login by a provider of OpenID Connect; back from it people come to {@code
     * /login/oauth2/code/oidc}.
     *
     * @param issuer its address, as {@code https://login.example.org/realms/staff}; its
     *     configuration is read there when somebody first logs in. Empty: none
     * @param name what the button says
     * @param clientId of us at the provider
     * @param clientSecret of us at the provider; empty for a public client
     * @param scopes asked for
     * @param nameClaim that people are called by in the record of actions
     * @param roleClaim that has their roles: a text or a list; with dots the way to one inside
     *     others, as {@code realm_access.roles}
     * @param viewer values of it that make a viewer
     * @param operator values of it that make an operator
     * @param admin values of it that make an admin
     */
    public record Oidc(
            @DefaultValue("") String issuer,
            @DefaultValue("OpenID Connect") String name,
            @DefaultValue("") String clientId,
            @DefaultValue("") String clientSecret,
            @DefaultValue({"openid", "profile", "email"}) List<String> scopes,
            @DefaultValue("preferred_username") String nameClaim,
            @DefaultValue("roles") String roleClaim,
            @DefaultValue("posthaste-viewer") List<String> viewer,
            @DefaultValue("posthaste-operator") List<String> operator,
            @DefaultValue("posthaste-admin") List<String> admin) {

        public Oidc {
            scopes = List.copyOf(scopes);
            viewer = List.copyOf(viewer);
            operator = List.copyOf(operator);
            admin = List.copyOf(admin);
            if (!issuer.isEmpty()) {
                Setting.require(
                        "oidc.issuer",
                        issuer,
                        issuer.matches("https?://[^\\s?#]+"),
                        "an address as https://login.example.org");
                Setting.require(
                        "oidc.client-id", clientId, !clientId.isBlank(), "given with an issuer");
                Setting.require(
                        "oidc.scopes", scopes, scopes.contains("openid"), "scopes with openid");
            }
        }

        boolean isGiven() {
            return !issuer.isEmpty();
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "Oidc[issuer=" + issuer + ", clientId=" + clientId + "]";
        }
    }

    public WebProperties {
        Setting.between("session", session, Duration.ofMinutes(1), Duration.ofDays(30));
        Setting.between("session-age", sessionAge, Duration.ofMinutes(1), Duration.ofDays(90));
        Setting.between(
                "actions-retention", actionsRetention, Duration.ofDays(1), Duration.ofDays(36_500));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "WebProperties[usersFile="
                + usersFile
                + ", session="
                + session
                + ", sessionAge="
                + sessionAge
                + ", actionsRetention="
                + actionsRetention
                + ", oidc="
                + oidc
                + "]";
    }
}
