package posthaste.service.settings;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a process is.
 *
 * @param instance names this process in events and logs; set it where host names and process
 *     numbers say nothing, as in containers (default: host name and process number)
 * @param dataDir where a process keeps its files
 */
@ConfigurationProperties("posthaste")
public record ServiceProperties(
        @DefaultValue("") String instance, @DefaultValue("data") Path dataDir) {
    private static final Pattern INSTANCE = Pattern.compile("[\\x21-\\x7e]{1,128}");

    public ServiceProperties {
        instance =
                instance.isBlank()
                        ? HostName.ofThisMachine() + "-" + ProcessHandle.current().pid()
                        : instance;
        Setting.require(
                "instance",
                instance,
                INSTANCE.matcher(instance).matches(),
                "1 to 128 visible ASCII characters without a space");
    }
}
