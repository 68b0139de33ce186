package posthaste.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What became of a mail, as REST tells it. */
final class Stories {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI messages;
    private final String authorization;
    private final HttpClient http = HttpClient.newHttpClient();

    Stories(URI web, String user, String password) {
        this.messages = web.resolve("/api/v1/messages/");
        this.authorization =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * One mail so far.
     *
     * @param isOver whether each recipient has come to its end
     */
    record Story(Instant acceptedAt, List<Chapter> chapters, boolean isOver) {}

    /** One event of it. */
    record Chapter(
            Instant time,
            String kind,
            String remote,
            String said,
            Optional<Instant> nextAttempt,
            Optional<String> dsn) {}

    /** Empty while the log has not read of the mail yet. */
    Optional<Story> of(String id) throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(
                        HttpRequest.newBuilder(messages.resolve(id))
                                .header("Authorization", authorization)
                                .timeout(PATIENCE)
                                .build(),
                        BodyHandlers.ofString());
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        if (response.statusCode() != 200) {
            throw new IOException("REST answered " + response.statusCode() + " for " + id);
        }
        JsonNode mail = JSON.readTree(response.body());
        return Optional.of(
                new Story(
                        Instant.parse(mail.get("acceptedAt").asString()),
                        elements(mail.get("events")).map(Stories::chapter).toList(),
                        elements(mail.get("recipients"))
                                .allMatch(recipient -> isEnd(recipient.get("state").asString()))));
    }

    private static boolean isEnd(String state) {
        return List.of("delivered", "bounced", "expired", "removed").contains(state);
    }

    private static Chapter chapter(JsonNode event) {
        return new Chapter(
                Instant.parse(event.get("time").asString()),
                event.get("kind").asString(),
                text(event.path("remoteHost")).orElse(""),
                text(event.path("reply")).or(() -> text(event.path("reason"))).orElse(""),
                text(event.path("nextAttempt")).map(Instant::parse),
                text(event.path("dsnId")));
    }

    private static Optional<String> text(JsonNode node) {
        return node.isString() && !node.asString().isEmpty()
                ? Optional.of(node.asString())
                : Optional.empty();
    }

    private static java.util.stream.Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
