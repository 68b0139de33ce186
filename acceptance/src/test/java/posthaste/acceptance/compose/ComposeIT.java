package posthaste.acceptance.compose;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import posthaste.acceptance.RestClient;
import posthaste.acceptance.deploy.PrometheusApi;
import posthaste.testing.Requires;
import posthaste.testing.SmtpDialogue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code docker-compose.yml} brought up, Grafana alone left out. Where images can't be pulled,
 * {@code acceptance/containers/stand-ins.sh compose} makes some that stand in for them.
 */
@Tag("full")
@EnabledIfSystemProperty(
        named = "posthaste.compose",
        matches = "true",
        disabledReason = "by hand: -Dposthaste.compose=true builds the images and brings it up")
class ComposeIT {
    private static final List<String> OURS = List.of("ingest", "delivery", "fallback", "bounce");
    private static final List<String> OTHERS =
            List.of("vip", "kafka", "store", "database", "prometheus", "sink");
    private static final List<String> FOREIGN_IMAGES =
            List.of(
                    "eclipse-temurin:25-jre",
                    "haproxy:3.2",
                    "apache/kafka:4.2.1",
                    "chrislusf/seaweedfs:4.16",
                    "postgres:18",
                    "prom/prometheus:v3.5.0",
                    "axllent/mailpit:v1.27");

    private static final int PATIENCE_SECONDS = 400;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir static Path temp;

    private static Engine engine;
    private static ComposeProject project;
    private static int mx;
    private static int fallback;
    private static int sink;
    private static int status;
    private static RestClient rest;
    private static PrometheusApi prometheus;

    @BeforeAll
    static void bringUp() throws IOException {
        engine = Engine.found().orElse(null);
        Requires.that(
                engine != null,
                "no container engine answers, so docker-compose.yml can't be brought up");
        for (String image : FOREIGN_IMAGES) {
            Requires.that(
                    engine.has(image),
                    "the image %s is not here: docker pull gets it, acceptance/containers/stand-ins.sh compose makes a stand-in"
                            .formatted(image));
        }
        project = new ComposeProject(temp);
        mx = project.publish("MX_PORT");
        fallback = project.publish("FALLBACK_PORT");
        sink = project.publish("SINK_PORT");
        status = project.publish("VIP_STATUS_PORT");
        int web = project.publish("WEB_PORT");
        int metrics = project.publish("PROMETHEUS_PORT");
        for (String other :
                List.of("SUBMISSION_PORT", "SUBMISSIONS_PORT", "HTTP_PORT", "GRAFANA_PORT")) {
            project.publish(other);
        }
        rest = new RestClient(web, "admin", project.secret("POSTHASTE_ADMIN_PASSWORD"));
        prometheus = new PrometheusApi(URI.create("http://127.0.0.1:" + metrics));

        // For a second look at the same images.
        if (!Boolean.getBoolean("posthaste.images.built")) {
            for (String service : OURS) {
                project.compose("build", service);
            }
        }
        List<String> up = new ArrayList<>(List.of("up", "-d", "--no-build"));
        up.addAll(OURS);
        up.addAll(OTHERS);
        project.compose(up.toArray(String[]::new));
        await().atMost(PATIENCE_SECONDS, SECONDS)
                .pollInterval(1, SECONDS)
                .ignoreExceptions()
                .until(() ->
                        rest.audit().has("queued")
                                && serversUp("mx") == 1
                                && serversUp("fallback") == 1);
    }

    @AfterAll
    static void takeDown() {
        if (project != null) {
            project.close();
        }
    }

    @Test
    void aMailComesInThroughTheVipAndOutAtTheSink() throws Exception {
        String id = submit(mx, "ada@x.example", "through all parts");

        await().atMost(PATIENCE_SECONDS, SECONDS)
                .until(() -> subjects().contains("through all parts"));
        await().atMost(PATIENCE_SECONDS, SECONDS)
                .ignoreExceptions()
                .until(() -> rest.finals(id).containsValue("delivered"));
    }

    /** It waits for its tier there: no attempt comes first. */
    @Test
    void theOtherVipTakesWhatOthersCouldNotDeliver() throws Exception {
        String id = submit(fallback, "later@x.example", "for the first tier");
        await().atMost(PATIENCE_SECONDS, SECONDS)
                .ignoreExceptions()
                .until(() -> !rest.message(id).path("events").isEmpty());
        assertThat(rest.finals(id)).isEmpty();
    }

    @Test
    void whatAKilledInstanceHadGoesOutByAnother() throws Exception {
        project.compose("up", "-d", "--no-build", "--no-deps", "--scale", "delivery=2", "delivery");
        await().atMost(PATIENCE_SECONDS, SECONDS)
                .ignoreExceptions()
                .until(() -> prometheus.series("up{service=\"delivery\"} == 1") == 2);

        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            if (i == 15) {
                engine.kill(project.containers("delivery").getFirst());
            }
            sent.add("killed " + i);
            submit(mx, "n%d@x.example".formatted(i), sent.getLast());
        }

        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> subjects().containsAll(sent));
    }

    @Test
    void instancesThatAreAddedTakeMailAndThoseTakenAwayEndWithoutAnError() throws Exception {
        project.compose("up", "-d", "--no-build", "--no-deps", "--scale", "ingest=3", "ingest");
        await().atMost(PATIENCE_SECONDS, SECONDS)
                .ignoreExceptions()
                .until(() -> serversUp("mx") == 3);
        List<String> sent =
                new ArrayList<>(IntStream.range(0, 12).mapToObj(i -> "scaled " + i).toList());
        for (String subject : sent) {
            submit(mx, "s@x.example", subject);
        }
        assertThat(status("haproxy_server_sessions_total{proxy=\"mx\",server=\"ingest[123]\"}"))
                .hasSize(3)
                .allMatch(sessions -> sessions > 0);

        // While two of the three go, mail comes in all the time.
        CompletableFuture<Void> leaving =
                CompletableFuture.runAsync(() ->
                        project.compose(
                                "up",
                                "-d",
                                "--no-build",
                                "--no-deps",
                                "--scale",
                                "ingest=1",
                                "ingest"));
        do {
            sent.add("meanwhile " + sent.size());
            submit(mx, "s@x.example", sent.getLast());
        } while (!leaving.isDone());
        leaving.join();
        for (int i = 0; i < 5; i++) {
            sent.add("one again " + i);
            submit(mx, "s@x.example", sent.getLast());
        }
        await().atMost(PATIENCE_SECONDS, SECONDS).until(() -> subjects().containsAll(sent));
    }

    @Test
    void prometheusSeesEveryServiceAndAnswersTheDashboards() throws Exception {
        submit(mx, "seen@x.example", "to be counted");
        await().atMost(PATIENCE_SECONDS, SECONDS)
                .ignoreExceptions()
                .untilAsserted(() -> {
                    for (String service : OURS) {
                        assertThat(prometheus.series("up{service=\"%s\"} == 1".formatted(service)))
                                .as(service)
                                .isPositive();
                    }
                    assertThat(prometheus.series("up{job=\"haproxy\"} == 1")).isOne();
                    assertThat(prometheus.series("posthaste:attempts:rate5m")).isPositive();
                    // The janitor's first round is minutes away.
                    assertThat(prometheus.emptyPanels())
                            .allMatch(query -> query.contains("posthaste_janitor_"));
                });
    }

    /**
     * The id under which a mail was accepted. Who is turned away by 421 for a greeting comes again,
     * as mail servers do; anything else that is not as it should be is an error.
     */
    private static String submit(int port, String recipient, String subject) {
        byte[] message = "Subject: %s\r\n\r\nHello.\r\n".formatted(subject).getBytes(UTF_8);
        for (int attempt = 0; attempt < 20; attempt++) {
            try (SmtpDialogue client = SmtpDialogue.connect(port).patience(PATIENCE)) {
                SmtpDialogue.Reply greeting = client.reply();
                if (greeting.code() == 421) {
                    continue;
                }
                assertThat(greeting.code()).as(greeting.toString()).isEqualTo(220);
                client.send("EHLO client.test").expect(250);
                String reply =
                        client.mail("grace@sender.example", List.of(recipient), message).toString();
                assertThat(reply).startsWith("250 ");
                return reply.substring(reply.lastIndexOf(' ') + 1);
            }
        }
        throw new AssertionError("turned away again and again");
    }

    private static List<String> subjects() {
        JsonNode answer =
                JsonMapper.shared()
                        .readTree(
                                get(
                                        "http://127.0.0.1:%d/api/v1/messages?limit=500"
                                                .formatted(sink)));
        return answer.path("messages").values().stream()
                .map(mail -> mail.path("Subject").asString())
                .toList();
    }

    /** To how many instances the proxy gives sessions. */
    private static long serversUp(String backend) {
        return status(
                        "haproxy_server_status{proxy=\"%s\",server=\"[a-z0-9]*\",state=\"UP\"}"
                                .formatted(backend))
                .stream()
                .filter(value -> value == 1)
                .count();
    }

    /**
     * Values of the proxy's metrics whose name and labels fit, braces aside, as a regular
     * expression.
     */
    private static List<Double> status(String series) {
        String pattern = series.replace("{", "\\{").replace("}", "\\}");
        return get("http://127.0.0.1:" + status + "/metrics")
                .lines()
                .filter(line -> line.matches(pattern + " .*"))
                .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
    }

    private static String get(String uri) {
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(URI.create(uri)).build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
