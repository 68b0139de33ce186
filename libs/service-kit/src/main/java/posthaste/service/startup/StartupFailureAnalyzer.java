package posthaste.service.startup;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import posthaste.queue.QueueSettingsException;
import posthaste.service.settings.Secrets;
import posthaste.service.settings.SettingException;
import posthaste.service.settings.StartRefusedException;

/**
 * Tells in one sentence why a start failed: the property, its value unless it is a secret, and what
 * is allowed. What it does not know is a defect and keeps its stack trace.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class StartupFailureAnalyzer implements FailureAnalyzer {

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        List<Throwable> chain = chain(failure);
        return told(chain)
                .map(sentence -> new FailureAnalysis(sentence, null, failure))
                .orElse(null);
    }

    private static Optional<String> told(List<Throwable> chain) {
        return Stream.<Optional<String>>of(
                        first(chain, StartRefusedException.class).map(Throwable::getMessage),
                        first(chain, QueueSettingsException.class).map(Throwable::getMessage),
                        first(chain, SettingException.class).map(e -> setting(chain, e)),
                        first(chain, BindValidationException.class)
                                .map(StartupFailureAnalyzer::constraint),
                        first(chain, UnboundConfigurationPropertiesException.class)
                                .map(StartupFailureAnalyzer::unknown),
                        first(chain, BindException.class).map(StartupFailureAnalyzer::unreadable),
                        first(chain, InvalidConfigurationPropertyValueException.class)
                                .map(StartupFailureAnalyzer::invalid),
                        first(chain, PortInUseException.class)
                                .map(e -> "Port " + e.getPort() + " is already in use."),
                        first(chain, java.net.BindException.class)
                                .map(e -> "A port cannot be listened on: " + e.getMessage() + "."),
                        first(chain, FileSystemException.class).map(StartupFailureAnalyzer::file))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static String setting(List<Throwable> chain, SettingException wrong) {
        String prefix =
                first(chain, BindException.class).map(e -> e.getName() + ".").orElse("posthaste.");
        return prefix + wrong.component() + " " + wrong.verdict();
    }

    private static String constraint(BindValidationException e) {
        ConfigurationPropertyName prefix = e.getValidationErrors().getName();
        ObjectError error = e.getValidationErrors().getAllErrors().getFirst();
        if (!(error instanceof FieldError field)) {
            return prefix + ": " + error.getDefaultMessage() + ".";
        }
        String name = prefix + "." + dashed(field.getField());
        return name
                + " is "
                + shown(name, field.getRejectedValue())
                + ", but "
                + field.getDefaultMessage()
                + ".";
    }

    private static String unknown(UnboundConfigurationPropertiesException e) {
        List<String> names =
                e.getUnboundProperties().stream().map(p -> p.getName().toString()).toList();
        return String.join(", ", names)
                + (names.size() == 1 ? " is no property" : " are no properties")
                + " of Posthaste; see docs/configuration.md.";
    }

    private static String unreadable(BindException e) {
        ConfigurationProperty property = e.getProperty();
        String name = property == null ? e.getName().toString() : property.getName().toString();
        Object value = property == null ? null : property.getValue();
        Class<?> type = e.getTarget().getType().resolve(Object.class);
        String reason = type == Object.class ? "" : allowed(type);
        return name + " is " + shown(name, value) + ", but must be " + reason + ".";
    }

    private static String invalid(InvalidConfigurationPropertyValueException e) {
        return e.getName()
                + " is "
                + shown(e.getName(), e.getValue())
                + ", which is not allowed: "
                + String.valueOf(e.getReason()).lines().findFirst().orElse("")
                + ".";
    }

    private static String allowed(Class<?> type) {
        if (type == Duration.class) {
            return "a duration, as 500ms, 30s, 5m, 4h or 5d";
        }
        if (type == DataSize.class) {
            return "a size, as 512KB, 64MB or 2GB";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class
                || type == Integer.class
                || type == long.class
                || type == Long.class) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class) {
            return "a number, as 0.25";
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(one -> one.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .collect(Collectors.joining(", "));
        }
        return "a value that can be read as " + type.getSimpleName();
    }

    private static String file(FileSystemException e) {
        String why =
                e instanceof AccessDeniedException
                        ? "this user may not write or read there"
                        : Optional.ofNullable(e.getReason()).orElse(e.getClass().getSimpleName());
        return "The file or folder " + e.getFile() + " cannot be used: " + why + ".";
    }

    private static String shown(String name, @Nullable Object value) {
        return Secrets.isSecret(name)
                ? Secrets.HIDDEN
                : value == null ? "empty" : "'" + value + "'";
    }

    /** {@code minInsyncReplicas} as the operator writes it. */
    private static String dashed(String component) {
        return component.replaceAll("(?<=[a-z0-9])([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static <T extends Throwable> Optional<T> first(List<Throwable> chain, Class<T> type) {
        return chain.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable t = failure; t != null && !chain.contains(t); t = t.getCause()) {
            chain.add(t);
        }
        return chain;
    }
}
