package posthaste.bounce.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import posthaste.bounce.deliverylog.LogPostgres;
import posthaste.bounce.deliverylog.Story;
import posthaste.mail.record.Topics;

/** The audit's page and orders, by browser and by REST. */
class AuditPageIT {
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private static LogPostgres postgres;
    private static WebFixture web;
    private Story lost;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        postgres = LogPostgres.start();
        web = WebFixture.start(postgres.url(), data, Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        web.close();
        postgres.close();
    }

    /** No queue has it, and the log tells that it is to be tried again. */
    @BeforeEach
    void loseAMail(TestInfo test) throws Exception {
        Instant now = web.clock().instant();
        lost =
                Story.of(
                        now,
                        test.getTestMethod().orElseThrow().getName().substring(0, 8)
                                + "@example.com",
                        "ann@example.org");
        web.publish(Topics.EVENTS, lost.deferred("ann@example.org", 1, now, null));
        web.publish("mail.outbound.transactional", lost.acceptance());
        web.takeAway("mail.outbound.transactional");
        web.clock().advance(Duration.ofHours(1));
        await().until(() -> web.get("/api/v1/audit").body().contains(lost.id().value()));
    }

    @Test
    void thePageShowsWhoIsMissingAndAButtonDoesWhatItSays() throws Exception {
        HttpResponse<String> page = web.get("/audit");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains(
                        lost.id().value(),
                        "ann@example.org",
                        lost.id().acceptedAt().toString().substring(0, 10) + " ",
                        "Put back");
        String cookie = page.headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
        assertThat(page.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("HttpOnly", "SameSite=Strict");
        Matcher token = TOKEN.matcher(page.body());
        assertThat(token.find()).isTrue();
        String path = "/audit/unaccounted/" + lost.id();
        String form = "application/x-www-form-urlencoded";

        assertThat(web.post(path, "action=remove", "Content-Type", form).statusCode())
                .isEqualTo(403);
        assertThat(
                        web.post(
                                        path,
                                        "action=remove&_csrf=" + token.group(1),
                                        "Content-Type",
                                        form)
                                .statusCode())
                .isEqualTo(403);
        assertThat(
                        web.post(
                                        path,
                                        "action=explode&_csrf=" + token.group(1),
                                        "Content-Type",
                                        form,
                                        "Cookie",
                                        cookie)
                                .statusCode())
                .isEqualTo(400);
        HttpResponse<String> done =
                web.post(
                        path,
                        "action=remove&_csrf=" + token.group(1),
                        "Content-Type",
                        form,
                        "Cookie",
                        cookie);
        assertThat(done.statusCode()).isEqualTo(302);
        assertThat(done.headers().firstValue("Location").orElseThrow())
                .endsWith("/mail/" + lost.id());
        await().until(() -> web.get("/mail/" + lost.id()).body().contains("admin removed it"));
    }

    @Test
    void restCarriesOutAnOrderThatNoOtherSiteCanGive() throws Exception {
        String path = "/api/v1/audit/unaccounted/" + lost.id();
        String json = "application/json";
        assertThat(
                        web.post(path, "{\"action\":\"remove\"}", "Content-Type", "text/plain")
                                .statusCode())
                .isEqualTo(403);
        assertThat(
                        web.post(
                                        path,
                                        "{\"action\":\"remove\"}",
                                        "Content-Type",
                                        json,
                                        "Sec-Fetch-Site",
                                        "cross-site")
                                .statusCode())
                .isEqualTo(403);
        HttpResponse<String> wrong =
                web.post(path, "{\"action\":\"explode\"}", "Content-Type", json);
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("requeue, bounce, remove");
        HttpResponse<String> gone =
                web.post(path, "{\"action\":\"requeue\"}", "Content-Type", json);
        assertThat(gone.statusCode()).isEqualTo(410);
        assertThat(
                        web.post(
                                        "/api/v1/audit/unaccounted/01m81j18g0aaaaaaaaaaaaaaaa",
                                        "{\"action\":\"remove\"}",
                                        "Content-Type",
                                        json)
                                .statusCode())
                .isEqualTo(404);

        HttpResponse<String> done = web.post(path, "{\"action\":\"bounce\"}", "Content-Type", json);
        assertThat(done.statusCode()).isEqualTo(200);
        assertThat(done.body())
                .isEqualTo(
                        "{\"id\":\"%s\",\"action\":\"bounce\",\"operator\":\"admin\",\"recipients\":[\"ann@example.org\"]}"
                                .formatted(lost.id()));
        assertThat(web.post(path, "{\"action\":\"bounce\"}", "Content-Type", json).statusCode())
                .isEqualTo(409);
    }
}
