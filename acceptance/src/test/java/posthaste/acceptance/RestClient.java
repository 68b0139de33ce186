package posthaste.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Asks Posthaste's web port, as an operator's script would. */
public final class RestClient {
    private static final Set<String> ENDS = Set.of("delivered", "bounced", "expired", "removed");
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final URI base;
    private final String authorization;

    public RestClient(int port, String user, String password) {
        this(URI.create("http://127.0.0.1:" + port), user, password);
    }

    /** Takes where the page is, as {@code http://HOST:PORT}. */
    public RestClient(URI base, String user, String password) {
        this.base = base;
        this.authorization =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    /** The mail's story; a missing node when the log does not know it yet. */
    public JsonNode message(String id) {
        HttpResponse<String> response = get("/api/v1/messages/" + id);
        return response.statusCode() == 404 ? MissingNode.getInstance() : json(response);
    }

    /** What happened to it so far, in order; empty while the log does not know it yet. */
    List<String> kinds(String id) {
        return texts(message(id).path("events"), "kind");
    }

    /** The recipients that have come to their end, and to which. */
    public Map<String, String> finals(String id) {
        Map<String, String> finals = new HashMap<>();
        for (JsonNode recipient : message(id).path("recipients")) {
            String state = recipient.get("state").asString();
            if (ENDS.contains(state)) {
                finals.put(recipient.get("address").asString(), state);
            }
        }
        return finals;
    }

    public JsonNode messages(String query) {
        return json(get("/api/v1/messages?" + query));
    }

    public JsonNode queues() {
        return json(get("/api/v1/queues"));
    }

    public JsonNode audit() {
        return json(get("/api/v1/audit"));
    }

    /** With the user's password. */
    public HttpResponse<String> get(String path) {
        return send(
                HttpRequest.newBuilder(base.resolve(path)).header("Authorization", authorization));
    }

    /** Without any. */
    HttpResponse<String> getAnonymously(String path) {
        return send(HttpRequest.newBuilder(base.resolve(path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(
                    request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> texts(JsonNode array, String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array) {
            texts.add(element.get(field).asString());
        }
        return texts;
    }

    private static JsonNode json(HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            throw new AssertionError(response + " " + response.body());
        }
        return JSON.readTree(response.body());
    }
}
