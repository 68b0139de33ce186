package posthaste.bounce.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
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

    private static String axe;
    private static ChromeDriver browser;

    @BeforeAll
    static void start(@TempDir Path data, @TempDir Path profile) throws Exception {
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
        axe = axe();
        browser = startBrowser(profile);
        logIn();
    }

    private static void logIn() throws IOException {
        open("/suppressions");
        assertThat(browser.getCurrentUrl()).endsWith("/login");
        Files.write(PICTURES.resolve("login.png"), browser.getScreenshotAs(OutputType.BYTES));
        assertThat(violations()).as("login").isEmpty();
        browser.switchTo().activeElement().sendKeys("admin", Keys.TAB);
        browser.switchTo().activeElement().sendKeys("secret", Keys.ENTER);
        until(() -> browser.getCurrentUrl().contains("/suppressions"));
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
        if (browser != null) {
            browser.quit();
        }
        if (web != null) {
            web.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void nothingThatOthersWroteRuns() {
        open("/mail/" + hostile.id());
        assertThat(browser.getTitle()).isEqualTo("Mail " + hostile.id() + " · Posthaste");
        for (String path :
                List.of("/", "/quarantine", "/quarantine/" + hostile.id(), "/suppressions")) {
            open(path);
            assertThat(browser.getTitle()).endsWith("· Posthaste");
            assertThat(browser.getPageSource())
                    .containsAnyOf("&lt;script&gt;", "&lt;img src=x", "&lt;b&gt;");
            assertThat(number("return document.querySelectorAll('main img[src=x], main b').length"))
                    .isZero();
        }
    }

    @Test
    void aMailIsFoundByKeyboardAlone() {
        open("/");
        assertThat(browser.switchTo().activeElement().getDomAttribute("id"))
                .as("where typing begins")
                .isEqualTo("recipient");
        browser.switchTo().activeElement().sendKeys("bob@slow.example", Keys.ENTER);
        until(() -> browser.getCurrentUrl().contains("recipient=bob"));
        for (int i = 0; i < 60 && !focusIsOn("a[href^='/mail/']"); i++) {
            browser.switchTo().activeElement().sendKeys(Keys.TAB);
            assertThat(text("return getComputedStyle(document.activeElement).outlineStyle"))
                    .as("the focus is seen")
                    .isNotEqualTo("none");
        }
        browser.switchTo().activeElement().sendKeys(Keys.ENTER);
        until(() -> browser.getCurrentUrl().endsWith("/mail/" + deferred.id()));
        assertThat(browser.getPageSource())
                .contains(
                        "It is tried again in",
                        "452 4.2.2 mailbox full",
                        "The recipient's mailbox");
        open("/queue");
        browser.switchTo().activeElement().sendKeys(Keys.TAB);
        assertThat(focusIsOn(".skip")).isTrue();
    }

    @Test
    void chartsAreDrawnFromTheirTablesAndTheQueueLooksAgain() {
        open("/charts?from=6h");
        until(() ->
                number(
                                "return [...document.querySelectorAll('canvas')].filter(c => Chart.getChart(c)).length")
                        >= 3);
        assertThat(number("return Chart.getChart('canvas-flow').data.datasets.length"))
                .isGreaterThanOrEqualTo(3);
        browser.findElement(By.linkText("Closer")).click();
        until(() -> browser.getCurrentUrl().contains("&to=2026-11-22T"));
        open("/queue");
        browser.executeScript("document.getElementById('live').dataset.before = 'yes'");
        until(() -> number("return document.getElementById('live').dataset.before ? 0 : 1") == 1);
        quiet();
    }

    @Test
    void pagesAreAccessibleFitAPhoneAndBreakNoPolicy() throws Exception {
        Map<String, String> pages = new TreeMap<>();
        pages.put("search", "/");
        pages.put("search-found", "/?recipient=eve%40example.net&since=24h");
        pages.put("search-more", "/?reply=no+such+user&domain=example.net&since=24h");
        pages.put("search-wrong", "/?recipient=nobody");
        pages.put("story", "/mail/" + delivered.id());
        pages.put("story-bounced", "/mail/" + bounced.id());
        pages.put("story-deferred", "/mail/" + deferred.id());
        pages.put("story-hostile", "/mail/" + hostile.id());
        pages.put("queue", "/queue");
        pages.put("charts", "/charts?from=6h");
        pages.put("suppressions", "/suppressions");
        pages.put("quarantine", "/quarantine?reason=reject");
        pages.put("quarantined", "/quarantine/" + hostile.id());
        pages.put("audit", "/audit");
        pages.put("actions", "/actions");
        pages.put("nowhere", "/nowhere");
        SoftAssertions seen = new SoftAssertions();
        for (Map.Entry<String, String> page : pages.entrySet()) {
            for (String look : List.of("light", "dark", "phone")) {
                browser.executeCdpCommand(
                        "Emulation.setEmulatedMedia",
                        Map.of(
                                "features",
                                List.of(
                                        Map.of(
                                                "name",
                                                "prefers-color-scheme",
                                                "value",
                                                look.equals("dark") ? "dark" : "light"))));
                size(look.equals("phone") ? 360 : 1280, 900);
                open(page.getValue());
                String what = page.getKey() + ", " + look;
                seen.assertThat(
                                number(
                                        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                        .as(what + ": beyond the right edge")
                        .isZero();
                if (!look.equals("phone")) {
                    seen.assertThat(violations()).as(what).isEmpty();
                }
                size(
                        look.equals("phone") ? 360 : 1280,
                        Math.max(700, (int) number("return document.body.scrollHeight")));
                Files.write(
                        PICTURES.resolve(page.getKey() + "-" + look + ".png"),
                        browser.getScreenshotAs(OutputType.BYTES));
            }
        }
        size(1280, 900);
        seen.assertAll();
        quiet();
    }

    /** What axe-core finds wrong for people with disabilities. */
    private static List<?> violations() {
        browser.executeScript(axe);
        Object found =
                browser.executeAsyncScript(
                        """
                        const done = arguments[arguments.length - 1];
                        axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
                            .then(found => done(found.violations.flatMap(one =>
                                one.nodes.map(node => one.id + ": " + node.html))));
                        """);
        return (List<?>) found;
    }

    /** The console tells of each thing that the policy did not let happen. */
    private static void quiet() {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .filteredOn(line -> !line.getMessage().contains("/nowhere"))
                .filteredOn(line -> line.getLevel().intValue() >= Level.WARNING.intValue())
                .isEmpty();
    }

    private static void size(int width, int height) {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        height,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        width < 500));
    }

    private static void open(String path) {
        browser.get(web.uri(path).toString());
    }

    private static boolean focusIsOn(String selector) {
        return number("return document.activeElement.matches(\"" + selector + "\") ? 1 : 0") == 1;
    }

    private static long number(String script) {
        return browser.executeScript(script) instanceof Number number ? number.longValue() : -1;
    }

    private static String text(String script) {
        return String.valueOf(browser.executeScript(script));
    }

    private static void until(Callable<Boolean> holds) {
        await().atMost(PATIENCE).until(holds);
    }

    private static ChromeDriver startBrowser(Path profile) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser().orElseThrow().toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--window-size=1280,900",
                "--user-data-dir=" + profile);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        return new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(program("chromedriver").orElseThrow().toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
    }

    private static String axe() throws IOException {
        try (InputStream script = PageInBrowserIT.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assumeBrowser() {
        if (browser().isEmpty() || program("chromedriver").isEmpty()) {
            String sentence =
                    "no chromium or chromedriver here: the page is not looked at in a browser";
            assertThat(Boolean.getBoolean("posthaste.strict")).as(sentence).isFalse();
            assumeTrue(false, sentence);
        }
    }

    private static Optional<Path> browser() {
        return java.util.stream.Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> program(name).stream())
                .findFirst();
    }

    private static Optional<Path> program(String name) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
