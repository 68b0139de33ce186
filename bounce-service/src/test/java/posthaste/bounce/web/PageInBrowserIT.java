package posthaste.bounce.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.bounce.audit.AuditSchedule;
import posthaste.bounce.deliverylog.LogPostgres;
import posthaste.bounce.deliverylog.Story;
import posthaste.bounce.suppression.SuppressionOrders;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Event;
import posthaste.mail.record.Topics;
import posthaste.service.suppression.SuppressionClass;
import posthaste.service.suppression.SuppressionKey;

/**
 * The page in a real browser: its policy lets its own style sheet in and nobody else's script.
 * Leaves pictures in {@code target/pages}, to be looked at.
 */
class PageInBrowserIT {
    private static final String OUTBOUND = "mail.outbound.transactional";
    private static final Path PICTURES = Path.of("target", "pages");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String HOSTILE_MESSAGE =
            """
            From: "\u202egro.elpmaxe" <a@example.com>\r
            Subject: <script>document.title='owned'</script>\r
            Content-Type: text/html\r
            \r
            <img src=x onerror="document.title='owned'"></pre><script>document.title='owned'</script>\r
            """;

    private static LogPostgres postgres;
    private static WebFixture web;
    private static Story bounced;
    private static Story deferred;
    private static Story delivered;
    private static Story hostile;

    @TempDir private Path profile;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        assumeBrowser();
        postgres = LogPostgres.start();
        web =
                WebFixture.start(
                        postgres.url(), data, Map.of("posthaste.web.admin-password", "secret"));
        Instant at = WebFixture.NOON.minusSeconds(7000);
        delivered = Story.of(at, "shop@example.com", "ann.of.green.gables@example.org");
        deferred = Story.of(at.plusSeconds(700), "shop@example.com", "bob@slow.example");
        bounced = Story.of(at.plusSeconds(1400), "newsletter@example.com", "eve@example.net");
        hostile =
                Story.of(
                        at.plusSeconds(2100),
                        "\"<script>document.title='owned'</script>\"@example.com",
                        "\"<img src=x onerror=document.title='owned'>\"@example.org");
        Story many =
                Story.of(
                        at.plusSeconds(2800),
                        "",
                        "one@example.org",
                        "two@example.net",
                        "three@example.edu");
        web.publish(
                OUTBOUND,
                delivered.acceptance(),
                deferred.acceptance(),
                bounced.acceptance(),
                hostile.acceptance(),
                many.acceptance());
        String ann = "ann.of.green.gables@example.org";
        web.publish(
                Topics.EVENTS,
                delivered.deferred(ann, 1, at.plusSeconds(1), at.plusSeconds(61)),
                delivered.deferred(ann, 2, at.plusSeconds(62), at.plusSeconds(362)),
                delivered.delivered(ann, 3, at.plusSeconds(363)),
                deferred.deferred(
                        "bob@slow.example",
                        1,
                        at.plusSeconds(701),
                        WebFixture.NOON.plusSeconds(240)),
                bounced.failed("eve@example.net", 1, at.plusSeconds(1401)),
                bounced.end("eve@example.net", Event.Kind.BOUNCED, at.plusSeconds(1402)));
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        postgres.rows("SELECT count(*) FROM event").equals(List.of("6"))
                                && postgres.rows("SELECT sum(accepted) FROM tally")
                                        .equals(List.of("7")));
        web.clock().advance(Duration.ofMinutes(1));
        web.bean(AuditSchedule.class).fresh();
        web.clock().advance(Duration.ofSeconds(10));
        web.quarantine(hostile, HOSTILE_MESSAGE);
        suppress("eve@example.net", null, SuppressionClass.HARD_BOUNCE, "550 5.1.1 no such user");
        suppress(
                "ann.of.green.gables@example.org",
                "bulk",
                SuppressionClass.UNSUBSCRIBE,
                "by letter");
        suppress("\"<img src=x>\"@example.org", null, SuppressionClass.MANUAL, "<b>shouts</b>");
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        postgres.rows("SELECT count(*) FROM suppression").equals(List.of("3")));
        Files.createDirectories(PICTURES);
    }

    private static void suppress(
            String address, @Nullable String stream, SuppressionClass of, String reason)
            throws Exception {
        web.bean(SuppressionOrders.class)
                .add(
                        SuppressionKey.of(
                                Optional.ofNullable(stream).map(Stream::new),
                                EmailAddress.of(address)),
                        of,
                        reason,
                        Optional.of(WebFixture.NOON.plus(Duration.ofDays(30))),
                        "admin");
    }

    @AfterAll
    static void stop() throws Exception {
        if (web != null) {
            web.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void nothingThatOthersWroteRuns() throws Exception {
        String dom = dom("/mail/" + hostile.id());
        assertThat(dom).contains("<title>Mail " + hostile.id() + " · Posthaste</title>");
        assertThat(dom).doesNotContain("<title>owned");
        for (String path : List.of("/quarantine", "/quarantine/" + hostile.id())) {
            assertThat(dom(path)).contains("&lt;script&gt;").doesNotContain("<title>owned");
        }
        assertThat(dom("/")).contains("&lt;script&gt;").doesNotContain("<title>owned");
    }

    @Test
    void thePagesAreDrawn() throws Exception {
        picture("search", "/", 1280, 900, false);
        picture("search-dark", "/", 1280, 900, true);
        picture("search-phone", "/", 500, 1100, false);
        picture("story", "/mail/" + delivered.id(), 1280, 1300, false);
        picture("story-bounced", "/mail/" + bounced.id(), 1280, 1000, true);
        picture("story-deferred", "/mail/" + deferred.id(), 1280, 900, false);
        picture("story-phone", "/mail/" + bounced.id(), 500, 1300, false);
        picture("suppressions", "/suppressions", 1280, 1000, false);
        picture("suppressions-dark", "/suppressions", 1280, 1000, true);
        picture("suppressions-phone", "/suppressions", 500, 1500, false);
        picture("queue", "/queue", 1280, 900, false);
        picture("quarantine", "/quarantine", 1280, 900, false);
        picture("quarantine-narrowed", "/quarantine?reason=reject", 1280, 900, true);
        picture("quarantined", "/quarantine/" + hostile.id(), 1280, 1100, false);
        picture("problem", "/?recipient=nobody", 1280, 700, false);
    }

    private void picture(String name, String path, int width, int height, boolean dark)
            throws Exception {
        Path file = PICTURES.resolve(name + ".png").toAbsolutePath();
        Files.deleteIfExists(file);
        List<String> command = new ArrayList<>();
        command.add("--screenshot=" + file);
        command.add("--window-size=" + width + "," + height);
        command.add("--hide-scrollbars");
        if (dark) {
            command.add("--blink-settings=preferredColorScheme=0");
        }
        run(path, command);
        assertThat(file).isNotEmptyFile();
    }

    private String dom(String path) throws Exception {
        return run(path, List.of("--dump-dom"));
    }

    private String run(String path, List<String> options) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                browser().orElseThrow().toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--user-data-dir=" + profile));
        command.addAll(options);
        URI page = web.uri(path);
        command.add("http://admin:secret@127.0.0.1:" + page.getPort() + path);
        Path out = profile.resolve("out");
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    private static void assumeBrowser() {
        if (browser().isEmpty()) {
            String sentence = "no chromium on this machine: the page is not looked at in a browser";
            assertThat(Boolean.getBoolean("posthaste.strict")).as(sentence).isFalse();
            assumeTrue(false, sentence);
        }
    }

    private static Optional<Path> browser() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder ->
                        List.of("chromium", "chromium-browser", "google-chrome").stream()
                                .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
