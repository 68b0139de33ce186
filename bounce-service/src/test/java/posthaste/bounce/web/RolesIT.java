package posthaste.bounce.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import posthaste.bounce.deliverylog.LogPostgres;
import posthaste.bounce.deliverylog.Story;
import posthaste.bounce.operator.ActionQuery;
import posthaste.bounce.operator.ActionRetention;
import posthaste.bounce.operator.Operator;
import posthaste.bounce.operator.OperatorAction;
import posthaste.bounce.operator.OperatorActions;
import posthaste.bounce.operator.RecordedAction;
import posthaste.bounce.operator.Role;
import posthaste.queue.MailQueue;
import posthaste.queue.memory.MemoryMailQueue;
import posthaste.service.reload.FileWatch;

/** Who may do what, by page and REST; and what everybody did is written down. */
class RolesIT {
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");
    private static final String SUPPRESS =
            "{\"address\":\"ann@example.org\",\"reason\":\"<b>asked</b>\"}";

    private static LogPostgres postgres;
    private static WebFixture web;
    private static Path users;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        postgres = LogPostgres.start();
        users = data.resolve("users");
        Files.writeString(users, line("vera", "viewer") + line("otto", "operator"));
        web =
                WebFixture.start(
                        postgres.url(), data, Map.of("posthaste.web.users-file", users.toString()));
    }

    @AfterAll
    static void stop() throws Exception {
        web.close();
        postgres.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 200, 200, 200",
        "GET, /queue, 200, 200, 200",
        "GET, /suppressions, 200, 200, 200",
        "GET, /api/v1/messages, 200, 200, 200",
        "GET, /actions, 403, 403, 200",
        "HEAD, /actions, 403, 403, 200",
        "GET, /api/v1/actions, 403, 403, 200",
        "GET, /api/v1/quarantine/01m81j18g0aaaaaaaaaaaaaaaa/message, 403, 404, 404",
        "HEAD, /quarantine/01m81j18g0aaaaaaaaaaaaaaaa/message, 403, 404, 404",
        "GET, /quarantine/01m81j18g0aaaaaaaaaaaaaaaa, 403, 404, 404",
        "POST, /api/v1/suppressions, 403, 200, 200",
        "POST, /api/v1/quarantine/01m81j18g0aaaaaaaaaaaaaaaa, 403, 404, 404",
        "POST, /api/v1/audit/unaccounted/01m81j18g0aaaaaaaaaaaaaaaa, 403, 403, 404",
        "DELETE, /api/v1/suppressions/*/ann@example.org, 403, 200, 200",
        "POST, /api/v1/what-is-not-there, 403, 403, 404",
    })
    void eachRoleMayDoItsOwn(String method, String path, int viewer, int operator, int admin)
            throws Exception {
        assertThat(ask(method, path, "vera", "vera's").statusCode()).isEqualTo(viewer);
        assertThat(ask(method, path, "otto", "otto's").statusCode()).isEqualTo(operator);
        assertThat(ask(method, path, "admin", WebFixture.PASSWORD).statusCode()).isEqualTo(admin);
    }

    @Test
    void nothingThatChangesAnythingIsForViewers() throws Exception {
        int tried = 0;
        for (var mapping :
                web.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                        .getHandlerMethods()
                        .entrySet()) {
            for (RequestMethod method : mapping.getKey().getMethodsCondition().getMethods()) {
                for (String pattern : mapping.getKey().getPatternValues()) {
                    if (method != RequestMethod.GET && !pattern.equals("/error")) {
                        String path = pattern.replaceAll("\\{[^}]*}", "x");
                        assertThat(ask(method.name(), path, "vera", "vera's").statusCode())
                                .as("%s %s", method, path)
                                .isEqualTo(403);
                        tried++;
                    }
                }
            }
        }
        assertThat(tried).isGreaterThan(8);
    }

    @Test
    void aRefusalSaysInWhichRoleOneIsAndWouldHaveToBe() throws Exception {
        HttpResponse<String> rest = ask("POST", "/api/v1/suppressions", "vera", "vera's");
        assertThat(rest.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        assertThat(rest.body()).contains("Your role is viewer, and this is for the role operator.");
        assertThat(ask("GET", "/actions", "otto", "otto's").body())
                .contains("Your role is operator, and this is for the role admin.");
    }

    @Test
    void whatSomebodyDoesIsWrittenDownBefore() throws Exception {
        assertThat(ask("POST", "/api/v1/suppressions", "otto", "otto's").statusCode())
                .isEqualTo(200);
        HttpResponse<String> refused =
                web.post(
                        "/api/v1/quarantine/01m81j18g0aaaaaaaaaaaaaaaa",
                        "{\"action\":\"release\",\"why\":\"why not\"}",
                        "Content-Type",
                        "application/json");
        assertThat(refused.statusCode()).isEqualTo(404);

        assertThat(web.get("/api/v1/actions?operator=otto&action=suppression.add&limit=1").body())
                .contains(
                        "\"operator\":\"otto\"",
                        "\"role\":\"operator\"",
                        "\"address\":\"127.0.0.1\"",
                        "\"action\":\"suppression.add\"",
                        "\"target\":\"ann@example.org (*)\"",
                        "asked",
                        "\"result\":\"done\"");
        assertThat(web.get("/api/v1/actions?operator=admin&action=quarantine").body())
                .contains("\"detail\":\"why not\"", "\"result\":\"done: 0 jobs\"");
        assertThat(web.get("/actions?operator=otto").body())
                .contains("suppression.add", "&lt;b&gt;asked", "from <bdi>127.0.0.1")
                .doesNotContain("<b>asked");
        assertThat(web.get("/api/v1/actions?before=x").statusCode()).isEqualTo(400);
    }

    @Test
    void peopleLogInByAPageAndStayUntilTheyLogOut() throws Exception {
        CookieManager cookies = new CookieManager();
        try (HttpClient browser = HttpClient.newBuilder().cookieHandler(cookies).build()) {
            HttpResponse<String> wanted = visit(browser, "/suppressions?address=x");
            assertThat(wanted.statusCode()).isEqualTo(302);
            assertThat(wanted.headers().firstValue("Location").orElseThrow()).endsWith("/login");
            assertThat(logIn(browser, "vera", "guess").headers().firstValue("Location"))
                    .hasValueSatisfying(location -> assertThat(location).endsWith("/login?wrong"));
            assertThat(visit(browser, "/login?wrong").body()).contains("Wrong user or password");

            HttpResponse<String> in = logIn(browser, "vera", "vera's");
            assertThat(in.statusCode()).isEqualTo(302);
            assertThat(in.headers().firstValue("Location").orElseThrow())
                    .contains("/suppressions?address=x");
            assertThat(in.headers().allValues("Set-Cookie"))
                    .anySatisfy(cookie ->
                            assertThat(cookie)
                                    .startsWith("posthaste=")
                                    .contains("HttpOnly", "SameSite=Lax"));
            HttpResponse<String> page = visit(browser, "/suppressions");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("vera", "Log out").doesNotContain("Take out");
            assertThat(page.body()).doesNotContain("/actions\"");

            HttpResponse<String> out = send(browser, "/logout", "_csrf=" + token(page.body()));
            assertThat(out.headers().firstValue("Location").orElseThrow()).endsWith("/login?bye");
            assertThat(visit(browser, "/suppressions").statusCode()).isEqualTo(302);
        }
    }

    @Test
    void whoIsTakenOutOfTheFileIsOutAtOnceAndAWrongFileChangesNothing() throws Exception {
        CookieManager cookies = new CookieManager();
        try (HttpClient browser = HttpClient.newBuilder().cookieHandler(cookies).build()) {
            String before = Files.readString(users);
            Files.writeString(users, before + line("tess", "viewer"));
            look();
            assertThat(logIn(browser, "tess", "tess's").statusCode()).isEqualTo(302);
            assertThat(visit(browser, "/queue").statusCode()).isEqualTo(200);

            Files.writeString(users, "user tess role=king password=x\n");
            look();
            assertThat(visit(browser, "/queue").statusCode()).isEqualTo(200);

            Files.writeString(users, before);
            look();
            assertThat(visit(browser, "/queue").statusCode()).isEqualTo(302);
            assertThat(ask("GET", "/queue", "tess", "tess's").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void anotherPasswordEndsSessionsAndAnotherRoleIsInForceInThem() throws Exception {
        String before = Files.readString(users);
        try (HttpClient browser =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build()) {
            String tina = line("tina", "operator");
            Files.writeString(users, before + tina);
            look();
            assertThat(logIn(browser, "tina", "tina's").statusCode()).isEqualTo(302);
            assertThat(visit(browser, "/suppressions").body()).contains("Add addresses");

            Files.writeString(users, before + tina.replace("operator", "viewer"));
            look();
            assertThat(visit(browser, "/suppressions").body()).doesNotContain("Add addresses");

            // The same password with another salt is another one as far as anybody can tell.
            Files.writeString(users, before + line("tina", "operator"));
            look();
            assertThat(visit(browser, "/suppressions").statusCode()).isEqualTo(302);
        } finally {
            Files.writeString(users, before);
            look();
        }
    }

    @Test
    void aLoginEndsWhenItIsADayOldHoweverBusyItsPageIs() throws Exception {
        try (HttpClient browser =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build()) {
            assertThat(logIn(browser, "vera", "vera's").statusCode()).isEqualTo(302);
            for (int hour = 0; hour < 24; hour++) {
                assertThat(visit(browser, "/queue/live").statusCode()).isEqualTo(200);
                web.clock().advance(Duration.ofHours(1));
            }
            assertThat(visit(browser, "/queue/live").statusCode()).isNotEqualTo(200);
            assertThat(visit(browser, "/queue").statusCode()).isEqualTo(302);
        } finally {
            web.clock().set(WebFixture.NOON);
        }
    }

    @Test
    void viewersSeeTheListAndNoWayToChangeIt() throws Exception {
        assertThat(ask("POST", "/api/v1/suppressions", "otto", "otto's").statusCode())
                .isEqualTo(200);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(ask("GET", "/suppressions?address=ann", "otto", "otto's").body())
                                .contains("ann@example.org", "Take out", "Add addresses"));
        assertThat(ask("GET", "/suppressions?address=ann", "vera", "vera's").body())
                .contains("ann@example.org")
                .doesNotContain("Take", "Add addresses", "method=\"post\" class=\"adding\"");
    }

    @Test
    void anActionFailedOnlyWhenNothingOfItWasDone() throws Exception {
        OperatorActions actions = web.bean(OperatorActions.class);
        Operator who = new Operator("otto", Role.OPERATOR, "192.0.2.1");
        try (RecordedAction _ = actions.begin(who, "test.lost", "x", "")) {
            // Nobody says what came of it.
        }
        try (RecordedAction action = actions.begin(who, "test.begun", "x", "")) {
            action.brokenOff("3 jobs before");
        }
        Story mail = Story.of(WebFixture.NOON, "app@example.com", "ann@example.org");
        web.quarantine(mail, "Subject: x\r\n\r\n");
        MemoryMailQueue queue = (MemoryMailQueue) web.bean(MailQueue.class);
        queue.setAvailable(false);
        try {
            assertThat(
                            ask("POST", "/api/v1/quarantine/" + mail.id(), "otto", "otto's")
                                    .statusCode())
                    .isEqualTo(503);
        } finally {
            queue.setAvailable(true);
        }

        assertThat(result("test.lost")).isEqualTo("not known");
        assertThat(result("test.begun")).isEqualTo("not known: 3 jobs before");
        assertThat(result("quarantine.remove")).isEqualTo("failed");
    }

    @Test
    void actionsAreForgottenWhenTheirTimeIsOver() throws Exception {
        OperatorActions actions = web.bean(OperatorActions.class);
        Operator who = new Operator("oldy", Role.OPERATOR, "192.0.2.1");
        try {
            web.clock().set(WebFixture.NOON.minus(Duration.ofDays(731)));
            actions.begin(who, "test.old", "x", "").close();
            web.clock().set(WebFixture.NOON.minus(Duration.ofDays(729)));
            actions.begin(who, "test.kept", "x", "").close();
        } finally {
            web.clock().set(WebFixture.NOON);
        }

        web.bean(ActionRetention.class).run();

        assertThat(actions(who)).containsExactly("test.kept");
    }

    private static List<String> actions(Operator who) throws Exception {
        return web.bean(OperatorActions.class).find(query(who.name(), "")).stream()
                .map(OperatorAction::action)
                .toList();
    }

    private static String result(String action) throws Exception {
        return web.bean(OperatorActions.class)
                .find(query("otto", action))
                .getFirst()
                .result()
                .orElseThrow();
    }

    private static ActionQuery query(String operator, String action) {
        return new ActionQuery(
                operator, action, "", Optional.empty(), Optional.empty(), Optional.empty(), 10);
    }

    private static void look() {
        web.bean(FileWatch.class).look();
        web.bean(FileWatch.class).look();
    }

    private static String line(String name, String role) {
        return "user %s role=%s password={bcrypt}%s%n"
                .formatted(name, role, new BCryptPasswordEncoder(4).encode(name + "'s"));
    }

    private static HttpResponse<String> ask(
            String method, String path, String user, String password) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(web.uri(path))
                            .timeout(Duration.ofSeconds(30))
                            .header("Accept", "text/html, application/json")
                            .header("Authorization", WebFixture.basic(user, password));
            if (method.equals("POST")) {
                request.header("Content-Type", "application/json");
            }
            String body = path.contains("suppressions") ? SUPPRESS : "{\"action\":\"remove\"}";
            return client.send(
                    request.method(
                                    method,
                                    method.equals("POST")
                                            ? BodyPublishers.ofString(body)
                                            : BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    private static HttpResponse<String> visit(HttpClient browser, String path) throws Exception {
        return browser.send(
                HttpRequest.newBuilder(web.uri(path)).header("Accept", "text/html").build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> logIn(HttpClient browser, String user, String password)
            throws Exception {
        String page = visit(browser, "/login").body();
        return send(
                browser,
                "/login",
                "username=%s&password=%s&_csrf=%s"
                        .formatted(
                                user,
                                URLEncoder.encode(password, StandardCharsets.UTF_8),
                                token(page)));
    }

    private static HttpResponse<String> send(HttpClient browser, String path, String form)
            throws IOException, InterruptedException {
        return browser.send(
                HttpRequest.newBuilder(web.uri(path))
                        .header("Accept", "text/html")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String token(String page) {
        Matcher token = TOKEN.matcher(page);
        assertThat(token.find()).isTrue();
        return token.group(1);
    }
}
