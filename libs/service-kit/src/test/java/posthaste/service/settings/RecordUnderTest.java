package posthaste.service.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.reflect.RecordComponent;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.annotation.MergedAnnotations;

/** What is asked of every properties record: its defaults, its names, and what it refuses. */
public record RecordUnderTest<R extends Record>(Class<R> type) {

    /** Binds the record from properties named below its prefix. */
    public R from(Map<String, String> properties) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        properties.forEach((name, value) -> source.put(prefix() + "." + name, value));
        return new Binder(source).bindOrCreate(prefix(), type);
    }

    public R defaults() {
        return from(Map.of());
    }

    /** All properties are given, each with a value that is not its default, and all arrive. */
    public void mapsEveryPropertyOf(Map<String, String> properties, R expected) throws Exception {
        R bound = from(properties);
        assertThat(bound).isEqualTo(expected);
        R defaults = defaults();
        for (RecordComponent component : type.getRecordComponents()) {
            assertThat(component.getAccessor().invoke(bound))
                    .as("%s is no longer its default", component.getName())
                    .isNotEqualTo(component.getAccessor().invoke(defaults));
        }
    }

    /** A wrong value is refused with a word on the property and what is allowed. */
    public void refuses(String property, String value, String verdict) {
        BindException failure =
                catchThrowableOfType(BindException.class, () -> from(Map.of(property, value)));
        assertThat(failure).as("%s=%s is refused", property, value).isNotNull();
        SettingException wrong = settingException(failure);
        assertThat(wrong.component()).isEqualTo(property);
        assertThat(wrong.verdict()).isEqualTo(verdict);
    }

    private static SettingException settingException(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof SettingException)) {
            cause = cause.getCause();
        }
        assertThat(cause).as("told as a sentence: %s", failure).isNotNull();
        return (SettingException) cause;
    }

    private String prefix() {
        return MergedAnnotations.from(type).get(ConfigurationProperties.class).getString("prefix");
    }
}
