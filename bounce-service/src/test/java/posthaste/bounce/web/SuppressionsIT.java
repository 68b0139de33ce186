package posthaste.bounce.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import posthaste.bounce.deliverylog.LogPostgres;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.envelope.Stream;
import posthaste.service.suppression.SuppressionList;

/** The suppression list by page and REST, over a real database. */
class SuppressionsIT {
    private static final String API = "/api/v1/suppressions";
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");
    private static final Stream BULK = new Stream("bulk");

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
    void whoIsPutOnTheListIsOnItAtOnceAndIsFoundInAnySpelling() throws Exception {
        HttpResponse<String> added =
                json(
                        "{\"address\":\"Ann@MÜNCHEN.example\",\"stream\":\"bulk\",\"suppressionClass\":\"unsubscribe\",\"reason\":\"by letter\",\"expires\":\"2027-01-31\"}");

        assertThat(added.statusCode()).isEqualTo(200);
        assertThat(added.body())
                .contains(
                        "\"address\":\"ann@xn--mnchen-3ya.example\"",
                        "\"source\":\"admin\"",
                        "\"expires\":\"2027-01-31T00:00:00Z\"");
        assertThat(holds(BULK, "ann@münchen.example")).isTrue();
        assertThat(holds(Stream.TRANSACTIONAL, "ann@münchen.example")).isFalse();
        find("address=ANN%40m%C3%BCnchen.example", "unsubscribe", "by letter");
        find("address=%40m%C3%BCnchen.example&suppressionClass=unsubscribe", "ann@xn--");
        assertThat(web.get(API + "?address=ann&stream=transactional").body()).isEqualTo("[]");
    }

    @Test
    void whoIsTakenOutGetsMailAgainAndTheListRemembersByWhomAndWhy() throws Exception {
        json("{\"address\":\"bob@x.example\",\"suppressionClass\":\"hard-bounce\"}");
        find("address=bob", "hard-bounce");

        HttpResponse<String> gone = web.delete(API + "/*/Bob@x.example?reason=back%20again");
        assertThat(gone.statusCode()).isEqualTo(200);

        assertThat(holds(BULK, "bob@x.example")).isFalse();
        await().until(() -> web.get(API + "?address=bob").body().equals("[]"));
        find("address=bob&removed=true", "back again", "admin");
        assertThat(
                        web.delete(API + "/*/bob@x.example", "Sec-Fetch-Site", "cross-site")
                                .statusCode())
                .isEqualTo(403);
    }

    @Test
    void aFileIsImportedAndExported() throws Exception {
        String file =
                "address,ignored,reason,stream\r\n"
                        + "one@import.example,1,\"gone, for \"\"good\"\"\",bulk\r\n"
                        + "<two@import.example>,2,,\r\n"
                        + "no address,3,,\r\n"
                        + "three@import.example,4,,Not A Stream\r\n"
                        + "=cmd@import.example,5,,*\r\n";
        HttpResponse<String> report =
                web.post(
                        API + "/import?suppressionClass=complaint&reason=old%20list",
                        file,
                        "Content-Type",
                        "text/csv");

        assertThat(report.statusCode()).isEqualTo(200);
        assertThat(report.body()).contains("\"imported\":3", "\"wrong\":2", "line 4", "line 5");
        assertThat(holds(BULK, "one@import.example")).isTrue();
        find("address=%40import.example", "one@", "two@");
        HttpResponse<String> csv = web.get(API + "/export?address=%40import.example");
        assertThat(csv.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/csv");
        assertThat(csv.body())
                .startsWith("address,stream,class,")
                .contains(
                        "one@import.example,bulk,complaint,true,1,\"gone, for \"\"good\"\"\",admin,",
                        "two@import.example,*,complaint,true,1,old list,admin,",
                        "\" =cmd@import.example\"");
        HttpResponse<String> lines =
                web.get(API + "/export?format=jsonl&address=%40import.example");
        assertThat(lines.body().lines()).hasSize(3).allMatch(line -> line.startsWith("{"));

        HttpResponse<String> again =
                web.post(API + "/import", csv.body(), "Content-Type", "text/csv");
        assertThat(again.body()).contains("\"imported\":3", "\"wrong\":0");

        // Who is only counted in an export stays unsuppressed.
        String counted = "address,stream,in_force\r\nfull@import.example,bulk,false\r\n";
        assertThat(web.post(API + "/import", counted, "Content-Type", "text/csv").body())
                .contains("\"imported\":0", "\"wrong\":0");
        assertThat(holds(BULK, "full@import.example")).isFalse();
    }

    @Test
    void aLongListHasPages() throws Exception {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            many.append("page%02d@pages.example%n".formatted(i));
        }
        web.post(API + "/import", many.toString(), "Content-Type", "text/csv");
        find("address=page11", "page11");

        HttpResponse<String> first = web.get(API + "?address=page&limit=10");
        String next = first.headers().firstValue("Link").orElseThrow();
        assertThat(first.body()).contains("page09").doesNotContain("page10");
        HttpResponse<String> second = web.get(next.substring(next.indexOf(API), next.indexOf('>')));
        assertThat(second.body()).contains("page10", "page11").doesNotContain("page09");
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        assertThat(json("{\"address\":\"nobody\"}").statusCode()).isEqualTo(400);
        assertThat(json("{\"address\":\"a@x.org\",\"suppressionClass\":\"spam\"}").body())
                .contains("hard-bounce, soft-bounce, complaint, unsubscribe, manual");
        assertThat(json("{\"address\":\"a@x.org\",\"expires\":\"2020-01-01\"}").body())
                .contains("a time to come");
        assertThat(web.get(API + "?stream=No+Stream").statusCode()).isEqualTo(400);
        assertThat(web.post(API + "/import", "a@x.org", "Content-Type", "text/plain").statusCode())
                .isEqualTo(403);
        assertThat(web.get("/api/v1/openapi.json").body())
                .contains("\"/suppressions\"", "\"/suppressions/export\"");
    }

    @Test
    void thePageShowsTheListAndDoesWhatItsButtonsSay() throws Exception {
        HttpResponse<String> page = web.get("/suppressions");
        String cookie = page.headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
        Matcher token = TOKEN.matcher(page.body());
        assertThat(token.find()).isTrue();
        String csrf = "&_csrf=" + token.group(1);
        String add =
                "addresses="
                        + encoded("eve@page.example\nmallory@page.example")
                        + "&suppressionClass=manual&stream=*&reason="
                        + encoded("<script>alert(1)</script>");

        assertThat(form("/suppressions", add, cookie).statusCode()).isEqualTo(403);
        HttpResponse<String> done = form("/suppressions", add + csrf, cookie);
        assertThat(done.statusCode()).isEqualTo(302);
        assertThat(done.headers().firstValue("Location").orElseThrow()).contains("added=2");
        assertThat(holds(BULK, "eve@page.example")).isTrue();
        await().until(() ->
                web.get("/suppressions?address=%40page.example").body().contains("mallory@"));
        assertThat(web.get("/suppressions?address=%40page.example").body())
                .contains("&lt;script&gt;")
                .doesNotContain("<script>");

        HttpResponse<String> taken =
                form(
                        "/suppressions/remove",
                        "address=eve%40page.example&stream=*&reason=wrong" + csrf,
                        cookie);
        assertThat(taken.statusCode()).isEqualTo(302);
        assertThat(holds(BULK, "eve@page.example")).isFalse();
        assertThat(
                        form(
                                        "/suppressions",
                                        "addresses=nobody&suppressionClass=manual&stream=*&reason=x"
                                                + csrf,
                                        cookie)
                                .statusCode())
                .isEqualTo(400);
    }

    private static boolean holds(Stream stream, String address) {
        return web.bean(SuppressionList.class).find(stream, EmailAddress.of(address)).isPresent();
    }

    private static HttpResponse<String> json(String body) throws Exception {
        return web.post(API, body, "Content-Type", "application/json");
    }

    private static HttpResponse<String> form(String path, String body, String cookie)
            throws Exception {
        return web.post(
                path, body, "Content-Type", "application/x-www-form-urlencoded", "Cookie", cookie);
    }

    private static void find(String query, String... contained) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(web.get(API + "?" + query).body()).contains(contained));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
