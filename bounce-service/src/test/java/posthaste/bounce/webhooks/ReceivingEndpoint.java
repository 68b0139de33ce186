package posthaste.bounce.webhooks;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP server that keeps what it is sent, and answers as the test wants. */
final class ReceivingEndpoint implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    /** One request. */
    record Received(Headers headers, String body, int answered) {
        String header(String name) {
            return String.valueOf(headers.getFirst(name));
        }

        List<JsonNode> events() {
            return new ArrayList<>(JSON.readTree(body).path("events").values());
        }
    }

    /** What it does with a request. */
    @FunctionalInterface
    interface Behaviour {
        /** The status, after whatever else it does. */
        int answer(HttpExchange exchange, Received request) throws IOException;
    }

    final List<Received> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile Behaviour behaviour = (_, _) -> 204;

    ReceivingEndpoint() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    void behave(Behaviour next) {
        behaviour = next;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook?token=t0psecret";
    }

    /** Of all events in requests that were taken, the values of a field, in order. */
    List<String> taken(String field) {
        return requests.stream()
                .filter(request -> request.answered() < 300)
                .flatMap(request -> request.events().stream())
                .map(event -> event.path(field).asString())
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Received request = new Received(exchange.getRequestHeaders(), body, 0);
            int status = behaviour.answer(exchange, request);
            requests.add(new Received(exchange.getRequestHeaders(), body, status));
            byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, status == 204 ? -1 : answer.length);
            if (status != 204) {
                exchange.getResponseBody().write(answer);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
