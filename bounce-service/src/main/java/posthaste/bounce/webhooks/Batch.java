package posthaste.bounce.webhooks;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import posthaste.bounce.events.EventJson;
import posthaste.bounce.events.ToldEvent;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events in one request. The same events make the same batch, octet for octet, so that an endpoint
 * recognises one that it has taken already.
 */
final class Batch {
    private final String id;
    private final byte[] body;

    /**
     * Of events in the order in which they are told.
     *
     * @param events at least one
     */
    Batch(List<ToldEvent> events, EventJson json) {
        this.id =
                "msg_"
                        + ToldEvent.shortHash(
                                events.stream()
                                        .map(ToldEvent::id)
                                        .collect(Collectors.joining(",")));
        ObjectNode envelope = JsonNodeFactory.instance.objectNode();
        envelope.put("type", "mail.events");
        envelope.put("version", EventJson.VERSION);
        ArrayNode array = envelope.putArray("events");
        events.forEach(event -> array.add(json.object(event)));
        this.body = envelope.toString().getBytes(StandardCharsets.UTF_8);
    }

    String id() {
        return id;
    }

    byte[] body() {
        return body;
    }
}
