package posthaste.acceptance.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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
    private final HttpClient http = HttpClient.newHttpClient();

    private RunningPrometheus(Path folder, int target) throws IOException {
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
        return Dashboards.queries().stream()
                .filter(query -> !shows(query.expression()))
                .map(query ->
                        "%s / %s: %s"
                                .formatted(query.dashboard(), query.panel(), query.expression()))
                .toList();
    }

    /** Alerts that are given now. */
    public List<String> firing() {
        JsonNode result = result("ALERTS{alertstate=\"firing\"}");
        return result.values().stream()
                .map(alert -> alert.at("/metric/alertname").asString())
                .toList();
    }

    /** A value that is no number is no line in a chart. */
    private boolean shows(String query) {
        return result(query).values().stream()
                .anyMatch(series -> !series.path("value").path(1).asString().equals("NaN"));
    }

    private JsonNode result(String query) {
        URI uri =
                URI.create(
                        "http://127.0.0.1:%d/api/v1/query?query=%s"
                                .formatted(port, URLEncoder.encode(query, UTF_8)));
        try {
            JsonNode answer =
                    Manifests.json(
                            http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                                    .body());
            if (!answer.path("status").asString().equals("success")) {
                throw new AssertionError(query + ": " + answer);
            }
            return answer.at("/data/result");
        } catch (IOException e) {
            throw new AssertionError("Prometheus does not answer yet", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
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
        http.close();
    }
}
