package posthaste.acceptance.cluster;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One process of one of the four services. */
public final class Service extends Part {
    static final int MANAGEMENT_PORT = 18_081;
    static final int SMTP_PORT = 12_025;
    static final int WEB_PORT = 18_080;
    private static final int HTTP_OK = 200;

    private final ServiceJar jar;
    private final Map<String, String> properties;

    Service(
            String name,
            Home home,
            Path folder,
            Path log,
            ServiceJar jar,
            Map<String, String> properties) {
        super(name, home, folder, log);
        this.jar = jar;
        this.properties = new LinkedHashMap<>(properties);
        this.properties.put("posthaste.instance", name);
        this.properties.put("posthaste.data-dir", folder.toString());
        this.properties.put("management.server.port", String.valueOf(MANAGEMENT_PORT));
    }

    /** A property, from the next start on. */
    public Service with(String property, Object value) {
        properties.put(property, value.toString());
        return this;
    }

    /** Where an ingest-service takes mail. */
    public int smtpPort() {
        return SMTP_PORT;
    }

    /** Where a bounce-service has its page and REST. */
    public int webPort() {
        return WEB_PORT;
    }

    /** Where it tells health and metrics to its own machine. */
    public int managementPort() {
        return MANAGEMENT_PORT;
    }

    @Override
    List<String> command() {
        List<String> command = Quick.java("192m");
        command.add("-jar");
        command.add(jar.jar().toString());
        properties.forEach((property, value) -> command.add("--" + property + "=" + value));
        return command;
    }

    @Override
    void prepare() {}

    @Override
    boolean answers() throws InterruptedException {
        return home().status(home().inward(), MANAGEMENT_PORT, "/actuator/health/readiness")
                == HTTP_OK;
    }
}
