package posthaste.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.ResolvableType;
import posthaste.service.settings.Secrets;

/**
 * Secrets in properties stand in no text that is made of them (DESIGN 3, invariant 7), in whichever
 * record of the house: each is bound with its secrets given, rightly and wrongly.
 */
class SecretsTest {
    private static final String MARK = "hushHush4711hushHush";
    private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");

    /** What a secret is useless without, and so refused. */
    private static final Map<String, String> COMPANIONS =
            Map.of(
                    "posthaste.jwt.issuer", "https://id.example.org",
                    "posthaste.jwt.audience", "posthaste",
                    "posthaste.jwt.jwks", "https://id.example.org/keys",
                    "posthaste.s3.bucket", "mail",
                    "posthaste.webhooks.anything.url", "https://hooks.example.org/posthaste",
                    "posthaste.ldap.url", "ldaps://ldap.example.org",
                    "posthaste.ldap.base", "dc=example,dc=org",
                    "posthaste.ldap.bind-dn", "cn=reader,dc=example,dc=org");

    static List<Class<?>> records() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("posthaste")
                        .stream()
                        .filter(type -> type.isAnnotatedWith(ConfigurationProperties.class))
                        .<Class<?>>map(JavaClass::reflect)
                        // One of a map is bound with the map.
                        .filter(type -> !prefix(type).endsWith(".name"))
                        .toList();
    }

    @Test
    void recordsWithSecretsAreAmongThem() {
        assertThat(records().stream().flatMap(type -> secrets(type).stream()))
                .contains(
                        "posthaste.web.admin-password",
                        "posthaste.s3.secret-key",
                        "posthaste.ldap.bind-password",
                        "posthaste.users-database.password",
                        "posthaste.login.decoy-secret",
                        "posthaste.content.rspamd.password",
                        "posthaste.webhooks.anything.secret",
                        "posthaste.kafka.properties.sasl.jaas.config");
    }

    @ParameterizedTest
    @MethodSource("records")
    void noRecordTellsItsSecrets(Class<?> type) {
        String text = bound(type, MARK).toString();
        assertThat(text).doesNotContain(MARK);
    }

    @ParameterizedTest
    @MethodSource("records")
    void noRefusalTellsThem(Class<?> type) {
        for (String wrong : List.of("\u0000 " + MARK, MARK + "\r\n\u00e9", MARK.repeat(200))) {
            Throwable refusal = catchThrowable(() -> bound(type, wrong).toString());
            for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
                assertThat(String.valueOf(cause.getMessage())).doesNotContain(MARK);
            }
        }
    }

    private static Object bound(Class<?> type, String secret) {
        Map<String, String> values = new HashMap<>(COMPANIONS);
        for (String name : secrets(type)) {
            values.put(name, secret);
        }
        BindResult<?> result =
                new Binder(new MapConfigurationPropertySource(values)).bind(prefix(type), type);
        return result.isBound()
                ? result.get()
                : new Binder(new MapConfigurationPropertySource(Map.of()))
                        .bindOrCreate(prefix(type), type);
    }

    /** Names of the properties that hold secrets. */
    private static List<String> secrets(Class<?> type) {
        List<String> found = new ArrayList<>();
        collect(prefix(type) + ".", type, found);
        return found;
    }

    private static void collect(String prefix, Class<?> type, List<String> found) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name =
                    HUMP.matcher(component.getName()).replaceAll("$1-$2").toLowerCase(Locale.ROOT);
            if (component.getType().isRecord()) {
                collect(prefix + name + ".", component.getType(), found);
            } else if (component.getType() == String.class && Secrets.isSecret(name)) {
                found.add(prefix + name);
            } else if (component.getType() == Map.class && name.equals("properties")) {
                Stream.of("sasl.jaas.config", "ssl.key.password")
                        .forEach(key -> found.add(prefix + name + "." + key));
            } else if (component.getType() == Map.class) {
                Class<?> one = ResolvableType.forType(component.getGenericType()).resolveGeneric(1);
                if (one != null && one.isRecord()) {
                    collect(prefix + name + ".anything.", one, found);
                }
            }
        }
    }

    private static String prefix(Class<?> type) {
        ConfigurationProperties annotation = type.getAnnotation(ConfigurationProperties.class);
        // NAME stands for any.
        return (annotation.prefix().isEmpty() ? annotation.value() : annotation.prefix())
                .toLowerCase(Locale.ROOT);
    }
}
