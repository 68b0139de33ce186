package posthaste.bounce.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.bounce.deliverylog.LogPostgres;
import posthaste.bounce.deliverylog.Story;
import posthaste.bounce.quarantine.Quarantine;
import posthaste.bounce.quarantine.QuarantineFilter;

/** The quarantine by page and REST: what is shown is inert, and an order is given once. */
class QuarantinePageIT {
    private static final String MESSAGE = "Subject: <script>x</script>\r\n\r\nbad\r\n";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private static LogPostgres postgres;
    private static WebFixture web;

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

    @Test
    void thePageShowsMailInertAndItsButtonOrders() throws Exception {
        Story story = Story.of(WebFixture.NOON, "page@example.com", "ann@example.org");
        web.quarantine(story, MESSAGE);
        assertThat(web.get("/quarantine").body())
                .contains(story.id().value(), "page@example.com", "&lt;b&gt;bold");
        HttpResponse<String> page = web.get("/quarantine/" + story.id());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("Subject: &lt;script&gt;x&lt;/script&gt;")
                .doesNotContain("<script>");

        HttpResponse<String> file = web.get("/quarantine/" + story.id() + "/message");
        assertThat(file.body()).isEqualTo(MESSAGE);
        assertThat(file.headers().firstValue("Content-Disposition").orElseThrow())
                .isEqualTo("attachment; filename=\"" + story.id() + ".eml\"");
        assertThat(file.headers().allValues("X-Content-Type-Options")).contains("nosniff");
        assertThat(file.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/octet-stream");

        String path = "/quarantine/" + story.id();
        assertThat(web.post(path, "action=release", "Content-Type", FORM).statusCode())
                .isEqualTo(403);
        String cookie = page.headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
        Matcher token = TOKEN.matcher(page.body());
        assertThat(token.find()).isTrue();
        String order = "action=release&why=fine&_csrf=" + token.group(1);
        assertThat(
                        web.post(path, order, "Content-Type", FORM, "Cookie", cookie)
                                .headers()
                                .firstValue("Location")
                                .orElseThrow())
                .endsWith("/mail/" + story.id());
        assertThat(web.post(path, order, "Content-Type", FORM, "Cookie", cookie).statusCode())
                .isEqualTo(404);
        assertThat(web.get("/quarantine").body()).doesNotContain(story.id().value());
        assertThat(web.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void restListsAndOrdersAboutOneOrManyAndNoOtherSiteCan() throws Exception {
        Story one = Story.of(WebFixture.NOON, "rest@example.com", "ann@example.org");
        Story two = Story.of(WebFixture.NOON, "rest@example.com", "bob@example.org");
        web.quarantine(one, MESSAGE);
        web.quarantine(two, MESSAGE);
        String api = "/api/v1/quarantine";
        assertThat(web.get(api + "?sender=rest@example.com").body())
                .contains("\"total\":2", one.id().value(), two.id().value());
        assertThat(web.get(api + "/" + one.id()).body()).contains("score 17.3");
        assertThat(web.get(api + "?limit=0").statusCode()).isEqualTo(400);
        assertThat(web.get(api + "/nonsense").statusCode()).isEqualTo(404);

        String order = "{\"action\":\"remove\",\"why\":\"spam\",\"sender\":\"rest@example.com\"}";
        assertThat(web.post(api, order, "Content-Type", "text/plain").statusCode()).isEqualTo(403);
        assertThat(web.post(api, "{\"action\":\"remove\"}", "Content-Type", JSON).statusCode())
                .as("about everything")
                .isEqualTo(400);
        assertThat(
                        web.post(
                                        api + "/" + one.id(),
                                        "{\"action\":\"release\"}",
                                        "Content-Type",
                                        JSON)
                                .body())
                .contains("\"jobs\":1");
        assertThat(web.post(api, order, "Content-Type", JSON).body()).contains("\"jobs\":1");
        assertThat(web.post(api, order, "Content-Type", JSON).body()).contains("\"jobs\":0");
        QuarantineFilter ours = new QuarantineFilter("", "rest@example.com", "", "");
        assertThat(web.bean(Quarantine.class).list(ours, "", 10).total()).isZero();
    }
}
