package posthaste.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A webhook's endpoint that every third time is not up to it, and keeps what it took. */
public final class EventReceiver implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();

    /** Ends by event id: a recipient of a mail has one. */
    private final Map<String, String> ends = new ConcurrentHashMap<>();

    public EventReceiver() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::take);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/events";
    }

    /** Who it was told the end of. */
    Set<String> ended() {
        return Set.copyOf(ends.values());
    }

    /** Ends that it was told more than once of, by their ids. */
    int repeated() {
        return repeated.get();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode batch = JSON.readTree(exchange.getRequestBody().readAllBytes());
            if (requests.incrementAndGet() % 3 == 0) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            for (JsonNode event : batch.path("events").values()) {
                if (event.path("final").asBoolean()
                        && ends.put(event.path("id").asString(), event.path("recipient").asString())
                                != null) {
                    repeated.incrementAndGet();
                }
            }
            exchange.sendResponseHeaders(204, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
