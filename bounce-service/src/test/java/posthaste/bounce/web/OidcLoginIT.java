package posthaste.bounce.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.CookieManager;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Login by a real provider of OpenID Connect, while PostgreSQL is away. */
class OidcLoginIT {
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    @Test
    void theProviderLetsInWhoHasARoleThereAndMayBeAwayAtTheStart(@TempDir Path data)
            throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String issuer = "http://localhost:" + port;
        try (WebFixture web =
                WebFixture.start(
                        "jdbc:postgresql://127.0.0.1:1/none",
                        data,
                        Map.of(
                                "posthaste.web.oidc.issuer", issuer,
                                "posthaste.web.oidc.name", "the staff's login",
                                "posthaste.web.oidc.client-id", "posthaste",
                                "posthaste.web.oidc.client-secret", OidcProviderUnderTest.SECRET,
                                "posthaste.web.oidc.scopes", "openid,profile",
                                "posthaste.web.oidc.role-claim", "realm_access.roles"))) {
            String page = "http://127.0.0.1:" + web.uri("/").getPort();
            assertThat(follow(browser(), page + "/oauth2/authorization/oidc").body())
                    .contains("The other login does not answer just now");

            try (OidcProviderUnderTest _ =
                    OidcProviderUnderTest.start(port, page + "/login/oauth2/code/oidc")) {
                HttpClient olga = browser();
                assertThat(follow(olga, page + "/queue").body()).contains("the staff&#39;s login");
                HttpResponse<String> in = logIn(olga, page, issuer, "olga");
                assertThat(in.statusCode()).isEqualTo(200);
                assertThat(in.uri().toString()).startsWith(page + "/queue");
                assertThat(in.body()).contains("oidc:olga", "operator", "Log out");
                assertThat(follow(olga, page + "/actions").statusCode()).isEqualTo(403);

                HttpResponse<String> out = logIn(browser(), page, issuer, "nick");
                assertThat(out.uri().toString()).startsWith(page + "/login");
                assertThat(out.body()).contains("no role here was given to you");
            }
        }
    }

    private static HttpResponse<String> logIn(
            HttpClient person, String page, String issuer, String name) throws Exception {
        HttpResponse<String> there = follow(person, page + "/oauth2/authorization/oidc");
        assertThat(there.uri().toString()).startsWith(issuer + "/login");
        Matcher token = TOKEN.matcher(there.body());
        assertThat(token.find()).isTrue();
        String form =
                "username=%s&password=%s&_csrf=%s"
                        .formatted(
                                name,
                                URLEncoder.encode(name + "'s", StandardCharsets.UTF_8),
                                URLEncoder.encode(token.group(1), StandardCharsets.UTF_8));
        return person.send(
                HttpRequest.newBuilder(URI.create(issuer + "/login"))
                        .header("Accept", "text/html")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> follow(HttpClient person, String address) throws Exception {
        return person.send(
                HttpRequest.newBuilder(URI.create(address)).header("Accept", "text/html").build(),
                BodyHandlers.ofString());
    }

    private static HttpClient browser() {
        return HttpClient.newBuilder()
                .followRedirects(Redirect.ALWAYS)
                .cookieHandler(new CookieManager())
                .build();
    }
}
