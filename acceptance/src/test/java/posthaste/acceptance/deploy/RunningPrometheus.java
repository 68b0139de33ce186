package posthaste.acceptance.deploy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import posthaste.testing.FreePort;
import posthaste.testing.Requires;
import tools.jackson.databind.JsonNode;

/** A real Prometheus with our rules, that scrapes one process of this machine each second. */
public final class RunningPrometheus implements AutoCloseable {
    private final Process process;
    private final int port = FreePort.tcp();
    private final PrometheusApi api;

    private RunningPrometheus(Path folder, int target) throws IOException {
        api = new PrometheusApi(URI.create("http://127.0.0.1:" + port));
        Path configuration = folder.resolve("prometheus.yml");
        Files.writeString(
                configuration,
                """
                global:
                  scrape_interval: 1s
                  evaluation_interval: 1s
                rule_files:
                  - %s
                scrape_configs:
                  - job_name: posthaste
                    metrics_path: /actuator/prometheus
                    static_configs:
                      - targets: ["127.0.0.1:%d"]
                """
                        .formatted(Rules.FILE, target));
        process =
                new ProcessBuilder(
                                Requires.program("prometheus").toString(),
                                "--config.file=" + configuration,
                                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                                "--web.listen-address=127.0.0.1:" + port)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("prometheus.log").toFile())
                        .start();
    }

    public static RunningPrometheus scraping(int port, Path folder) throws IOException {
        return new RunningPrometheus(Files.createDirectories(folder), port);
    }

    /** Queries of the dashboards, as {@code DASHBOARD / PANEL: QUERY}, that show nothing. */
    public List<String> emptyPanels() {
        return api.emptyPanels();
    }

    /** Alerts that are given now. */
    public List<String> firing() {
        JsonNode result = api.result("ALERTS{alertstate=\"firing\"}");
        return result.values().stream()
                .map(alert -> alert.at("/metric/alertname").asString())
                .toList();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
