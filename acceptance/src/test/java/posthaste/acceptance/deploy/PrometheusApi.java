package posthaste.acceptance.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a Prometheus answers.
 *
 * @param base where it is, as {@code http://HOST:PORT}
 */
public record PrometheusApi(URI base) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** Queries of the dashboards, as {@code DASHBOARD / PANEL: QUERY}, that show nothing. */
    public List<String> emptyPanels() {
        return Dashboards.queries().stream()
                .filter(query -> !shows(query.expression()))
                .map(query ->
                        "%s / %s: %s"
                                .formatted(query.dashboard(), query.panel(), query.expression()))
                .toList();
    }

    /** How many time series a query finds. */
    public int series(String query) {
        return result(query).size();
    }

    /** A value that is no number is no line in a chart. */
    private boolean shows(String query) {
        return result(query).values().stream()
                .anyMatch(series -> !series.path("value").path(1).asString().equals("NaN"));
    }

    JsonNode result(String query) {
        URI uri = base.resolve("/api/v1/query?query=" + URLEncoder.encode(query, UTF_8));
        try {
            JsonNode answer =
                    Manifests.json(
                            HTTP.send(
                                            HttpRequest.newBuilder(uri)
                                                    .timeout(Duration.ofSeconds(20))
                                                    .build(),
                                            BodyHandlers.ofString())
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
}
