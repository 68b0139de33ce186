package posthaste.queue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import posthaste.mail.envelope.MailId;
import posthaste.mail.record.Event;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.status.EnhancedStatusCode;

/** Records that carry a text; the queue does not care what they are. */
public final class TestRecords {
    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    private TestRecords() {}

    public static OutgoingRecord record(String topic, String key, String text) {
        return new OutgoingRecord(topic, key, event(text));
    }

    /** {@code count} records of one routing key, with the texts 0, 1, 2 ... */
    public static List<OutgoingRecord> numbered(String topic, String key, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> record(topic, key, Integer.toString(i)))
                .toList();
    }

    public static Event event(String text) {
        return new Event(
                MailId.derived(AT, text),
                AT,
                Optional.empty(),
                List.of(
                        new Event.Entry(
                                "user@example.org",
                                Event.Kind.DELIVERED,
                                EnhancedStatusCode.parse("2.0.0"),
                                Optional.empty(),
                                text,
                                Optional.empty(),
                                false,
                                Optional.empty())));
    }

    public static String text(MailRecord record) {
        return ((Event) record).entries().getFirst().reason();
    }
}
