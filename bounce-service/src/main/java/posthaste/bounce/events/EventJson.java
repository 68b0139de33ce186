package posthaste.bounce.events;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import posthaste.bounce.inbound.rules.BounceClassifier;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Stream;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.record.Event;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON form of an event, one flat object a recipient (docs/events.md). What does not apply is
 * left out. The names are those of REST.
 */
public final class EventJson {
    /** Raised when a field changes its meaning or goes; fields are added without. */
    public static final int VERSION = 1;

    private static final JsonMapper JSON = new JsonMapper();

    /** Milliseconds, always, so that texts sort as times do. */
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private final BounceClassifier classifier;

    /**
     * @param classifier says what refusals mean, at the time of telling
     */
    public EventJson(BounceClassifier classifier) {
        this.classifier = classifier;
    }

    /** On one line, which a terminal shows harmlessly, too: whatever is no ASCII is escaped. */
    public String line(ToldEvent told) {
        return escaped(JSON.writeValueAsString(object(told)));
    }

    /** As an object. */
    public ObjectNode object(ToldEvent told) {
        Event event = told.event();
        Event.Entry entry = told.entry();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", told.id());
        json.put("time", time(event.at()));
        json.put("kind", told.kind());
        json.put("final", entry.kind().isFinal());
        json.put("mailId", event.mailId().value());
        event.stream().map(Stream::name).ifPresent(stream -> json.put("stream", stream));
        json.put("recipient", entry.recipient());
        json.put("enhancedCode", entry.status().toString());
        entry.reply().ifPresent(reply -> json.put("reply", reply.toString()));
        if (!entry.reason().isEmpty()) {
            json.put("reason", entry.reason());
        }
        Meaning meaning = Meaning.of(entry, classifier);
        meaning.bounceClass()
                .ifPresent(found -> json.put("bounceClass", found).put("hard", meaning.hard()));
        entry.nextAttemptAt().ifPresent(next -> json.put("nextAttempt", time(next)));
        if (entry.ambiguous()) {
            json.put("ambiguous", true);
        }
        entry.dsnId().map(MailId::value).ifPresent(dsn -> json.put("dsnId", dsn));
        event.attempt().ifPresent(attempt -> add(json, attempt));
        return json;
    }

    private static void add(ObjectNode json, Event.Attempt attempt) {
        AttemptDetails details = attempt.details();
        json.put("attempt", attempt.number());
        json.put("jobId", attempt.jobId());
        json.put("instance", attempt.instance());
        json.put("destination", details.destination());
        given(json, "sourceAddress", details.sourceAddress());
        given(json, "remoteHost", details.remoteHost());
        given(json, "remoteAddress", details.remoteAddress());
        given(json, "tls", details.tls());
        json.put("startedAt", time(details.startedAt()));
        json.put("durationMs", details.duration().toMillis());
    }

    private static void given(ObjectNode json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }

    private static String time(Instant at) {
        return TIME.format(at);
    }

    private static String escaped(String json) {
        if (json.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            return json;
        }
        StringBuilder out = new StringBuilder(json.length() + 16);
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c >= ' ' && c < 0x7f) {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return out.toString();
    }
}
