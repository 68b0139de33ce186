package posthaste.standalone.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Short names of the properties that most runs are given. */
final class RunOptions {
    @Option(names = "--smtp-port", paramLabel = "PORT", description = "where it takes mail (2525)")
    private @Nullable String smtpPort;

    @Option(names = "--web-port", paramLabel = "PORT", description = "its web page and REST (8080)")
    private @Nullable String webPort;

    @Option(
            names = "--relay-to",
            paramLabel = "HOST:PORT",
            description = "send all mail to this smart host; without it, to each domain's MX")
    private @Nullable String relayTo;

    /** These over others. */
    Map<String, String> over(Map<String, String> properties) {
        Map<String, String> all = new LinkedHashMap<>(properties);
        put(all, "posthaste.smtp.port", smtpPort);
        put(all, "server.port", webPort);
        put(all, "posthaste.routing.relay-to", relayTo);
        return all;
    }

    private static void put(Map<String, String> all, String name, @Nullable String value) {
        if (value != null) {
            all.put(name, value);
        }
    }
}
