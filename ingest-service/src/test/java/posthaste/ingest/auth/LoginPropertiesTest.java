package posthaste.ingest.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import posthaste.ingest.auth.users.JwtProperties;
import posthaste.ingest.auth.users.LdapProperties;
import posthaste.ingest.auth.users.UsersDatabaseProperties;

/** What of logins and where users are may be configured, and what is said of the rest. */
class LoginPropertiesTest {
    private static final Map<String, Class<?>> GROUPS =
            Map.of(
                    "login", LoginProperties.class,
                    "jwt", JwtProperties.class,
                    "ldap", LdapProperties.class,
                    "users-database", UsersDatabaseProperties.class);

    @Test
    void nothingHasToBeConfigured() {
        for (String group : GROUPS.keySet()) {
            assertThat(bind(group, Map.of())).isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "login, mechanisms=CRAM-MD5, mechanisms is 'CRAM-MD5'",
        "login, 'mechanisms=PLAIN,NTLM', 'mechanisms is ''PLAIN'',''NTLM'''",
        "login, cache=-1s, cache is",
        "login, cache=25h, cache is 25h",
        "login, outlast=31d, outlast is",
        "login, max-hashing=-1, max-hashing is -1",
        "login, max-hashing=1001, max-hashing is 1001",
        "login, hash-wait=0s, hash-wait is 0s",
        "login, hash-wait=3m, hash-wait is 3m",
        "login, max-failures=0, max-failures is 0",
        "login, max-failures=21, max-failures is 21",
        "login, failure-delay=11s, failure-delay is 11s",
        "login, user-failures=0, user-failures is 0",
        "login, address-failures=0, address-failures is 0",
        "login, failure-memory=0s, failure-memory is 0s",
        "login, failure-memory=2d, failure-memory is",
        "login, familiar=91d, familiar is",
        "jwt, jwks=https://x.example/keys, jwks is",
        "jwt, audience=mail, audience is 'mail'",
        "jwt, leeway=11m, leeway is 11m",
        "ldap, url=http://x, url is 'http://x'",
        "ldap, url=ldap://x, 'url is ''ldap://x'', but must be ldaps://, unless'",
        "ldap, start-tls=true, start-tls is true",
        "ldap, filter=mail={0}, filter is",
        "ldap, filter=(mail=x), filter is",
        "ldap, timeout=0s, timeout is 0s",
        "ldap, timeout=31s, timeout is 31s",
        "ldap, fresh=2h, fresh is 2h",
        "users-database, url=jdbc:mysql://x, url is 'jdbc:mysql://x'",
        "users-database, max-connections=0, max-connections is 0",
        "users-database, max-connections=101, max-connections is 101",
        "users-database, timeout=0s, timeout is 0s",
        "users-database, fresh=2h, fresh is 2h",
    })
    void aWrongValueIsToldInOneSentence(String group, String setting, String sentence) {
        String[] parts = setting.split("=", 2);
        assertThatThrownBy(() -> bind(group, Map.of(parts[0], parts[1])))
                .rootCause()
                .hasMessageContaining(sentence)
                .hasMessageContaining("but must be ")
                .hasMessageEndingWith(".");
    }

    @Test
    void anIssuerNeedsItsKeysAndAnAudience() {
        assertThatThrownBy(() -> bind("jwt", Map.of("issuer", "https://x.example")))
                .rootCause()
                .hasMessageContaining("jwks is empty, but must be given exactly when issuer is");
        assertThatThrownBy(
                        () -> bind("jwt", Map.of("issuer", "https://x.example", "jwks", "file:x")))
                .rootCause()
                .hasMessageContaining("audience is empty");
    }

    @Test
    void noSecretIsShown() {
        assertThat(bind("ldap", Map.of("bind-password", "s3cret", "url", "ldaps://x")).toString())
                .doesNotContain("s3cret");
        assertThat(bind("users-database", Map.of("password", "s3cret")).toString())
                .doesNotContain("s3cret");
        assertThat(bind("login", Map.of("decoy-secret", "s3cret")).toString())
                .doesNotContain("s3cret");
    }

    private static Object bind(String group, Map<String, String> values) {
        Map<String, String> prefixed = new HashMap<>();
        values.forEach((name, value) -> prefixed.put("posthaste." + group + "." + name, value));
        return new Binder(new MapConfigurationPropertySource(prefixed))
                .bindOrCreate("posthaste." + group, Objects.requireNonNull(GROUPS.get(group)));
    }
}
