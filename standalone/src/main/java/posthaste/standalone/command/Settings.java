package posthaste.standalone.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the installation is, and its properties: options of every command. */
public final class Settings {
    static final String DATA_DIR = "posthaste.data-dir";
    private static final String CONFIG = "spring.config.additional-location";

    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            description = "the data folder (data, beside ./posthaste)")
    private @Nullable String dataDir;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "a file of properties, as the services have it")
    private @Nullable Path config;

    /** What {@code --any.property=VALUE} is turned into by {@link PropertyArguments}. */
    @Option(names = PropertyArguments.OPTION, hidden = true)
    private Map<String, String> properties = new LinkedHashMap<>();

    /** All of them, as properties; the short names win. */
    public Map<String, String> properties() {
        Map<String, String> all = new LinkedHashMap<>(properties);
        if (dataDir != null) {
            all.put(DATA_DIR, dataDir);
        }
        if (config != null) {
            all.put(CONFIG, "file:" + config.toAbsolutePath());
        }
        return all;
    }
}
