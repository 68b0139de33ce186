package posthaste.bounce.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import posthaste.testing.SettableClock;

/** Who is let in, while PostgreSQL is away: nothing listens on the port of its address. */
class SecurityIT {
    private static final String MAIL = "/mail/01m81j18g0xmjpxxym83p49rgd";
    private static final String MESSAGES = "/api/v1/messages";

    private static WebFixture web;

    @BeforeAll
    static void start(@TempDir Path data) {
        web =
                WebFixture.start(
                        "jdbc:postgresql://127.0.0.1:1/none",
                        data,
                        Map.of(
                                "management.endpoints.web.exposure.include",
                                "health,info,prometheus,sbom"));
    }

    @AfterAll
    static void stop() {
        web.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/queue",
                "/audit",
                MAIL,
                "/posthaste.js",
                "/webjars/htmx.org/dist/htmx.min.js",
                "/actions",
                "/api/v1/actions",
                "/nowhere",
                "/error",
                MESSAGES,
                "/api/v1/audit",
                "/api/v1/openapi.json",
                "/api/v1/queues"
            })
    void nothingIsShownWithoutTheRightPassword(String path) throws Exception {
        for (HttpResponse<String> response :
                List.of(
                        anonymously(path),
                        web.get(path, "Authorization", WebFixture.basic("admin", "guess")),
                        web.get(
                                path,
                                "Authorization",
                                WebFixture.basic("root", WebFixture.PASSWORD)),
                        web.get(path, "Authorization", WebFixture.basic("admin", "")),
                        web.get(path, "Authorization", "Bearer x"))) {
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .startsWith("Basic realm=\"Posthaste\"");
            assertThat(response.body()).isEmpty();
            // Guesses are slowed down; this test is not about that.
            web.bean(SettableClock.class).advance(Duration.ofHours(1));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/health",
                "/actuator/health/liveness",
                "/actuator/health/readiness",
                "/actuator/prometheus",
                "/actuator/info",
                "/actuator/sbom"
            })
    void healthAndMetricsAreForThisMachineAlone(String path) throws Exception {
        assertThat(anonymously(path).statusCode()).isEqualTo(200);
        String login = WebFixture.basic("admin", WebFixture.PASSWORD);
        for (String header : new String[] {"X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"}) {
            assertThat(web.get(path, header, "192.0.2.1").statusCode()).isEqualTo(404);
            assertThat(web.get(path, header, "192.0.2.1", "Authorization", login).statusCode())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                "/actuator/",
                "/actuator/env",
                "/actuator/heapdump",
                "/actuator/loggers",
                "/actuator/shutdown",
                "/actuator/threaddump"
            })
    void noOtherEndpointOfTheActuatorIsThere(String path) throws Exception {
        assertThat(anonymously(path).statusCode()).isEqualTo(404);
        assertThat(web.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void aFormOfAnotherSiteIsRefused() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(web.uri("/").toString()))
                            .header("Authorization", WebFixture.basic("admin", WebFixture.PASSWORD))
                            .POST(BodyPublishers.ofString("x=y"))
                            .build();
            assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void thePageListensOnTheLoopbackAddressUntilToldOtherwise() {
        assertThat(web.bean(TomcatServletWebServerFactory.class).getAddress().isLoopbackAddress())
                .isTrue();
    }

    @Test
    void withoutTheDatabaseAllButTheLogIsThere() throws Exception {
        assertThat(anonymously("/actuator/health").body()).contains("\"status\":\"UP\"");
        // Each that asks the database waits for it: all at once.
        Map<String, Future<HttpResponse<String>>> asked = new LinkedHashMap<>();
        Map<String, HttpResponse<String>> said = new HashMap<>();
        try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String path :
                    List.of("/", MAIL, "/queue", MESSAGES, "/api/v1/audit", "/api/v1/queues")) {
                asked.put(path, requests.submit(() -> web.get(path)));
            }
        }
        for (Map.Entry<String, Future<HttpResponse<String>>> one : asked.entrySet()) {
            said.put(one.getKey(), one.getValue().get());
        }
        assertThat(said.get(MESSAGES).statusCode()).isEqualTo(503);
        assertThat(said.get(MESSAGES).headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        assertThat(said.get(MESSAGES).body()).contains("database is away");
        assertThat(said.get("/api/v1/audit").statusCode()).isEqualTo(503);
        assertThat(said.get("/").statusCode()).isEqualTo(200);
        assertThat(said.get("/").body()).contains("database is away");
        assertThat(said.get(MAIL).statusCode()).isEqualTo(503);
        assertThat(said.get("/api/v1/queues").statusCode()).isEqualTo(200);
        assertThat(said.get("/queue").statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> anonymously(String path)
            throws IOException, InterruptedException {
        return web.get(path, new String[0]);
    }
}
