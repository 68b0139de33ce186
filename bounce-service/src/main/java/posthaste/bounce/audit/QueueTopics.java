package posthaste.bounce.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Tier;
import posthaste.mail.record.Topics;

/**
 * Where a mail can stand, and who settles it there.
 *
 * @param outbound what accepts mail, and what delivery-service settles
 * @param deferred each with its delay
 */
public record QueueTopics(List<String> outbound, Map<String, Duration> deferred) {

    /** Topics that one group settles. */
    public record Queue(String group, List<String> topics) {}

    public QueueTopics {
        outbound = List.copyOf(outbound);
        deferred = Collections.unmodifiableMap(new LinkedHashMap<>(deferred));
    }

    public static QueueTopics of(List<Stream> streams, List<Tier> tiers) {
        Map<String, Duration> deferred = new LinkedHashMap<>();
        for (Stream stream : Topics.deferringStreams(streams)) {
            tiers.forEach(tier -> deferred.put(Topics.deferred(stream, tier), tier.delay()));
        }
        return new QueueTopics(streams.stream().map(Topics::outbound).toList(), deferred);
    }

    /**
     * In the order in which a mail goes through them, so that a scan that follows it is less likely
     * to miss one that moves. Dead letters count as queued until an operator puts them back.
     */
    public List<Queue> queues() {
        return List.of(
                new Queue(Topics.DELIVERY_GROUP, outbound),
                new Queue(Topics.FALLBACK_GROUP, List.copyOf(deferred.keySet())),
                new Queue(Topics.BOUNCE_GROUP, List.of(Topics.BOUNCE)),
                new Queue(Topics.QUARANTINE_GROUP, List.of(Topics.QUARANTINE)),
                new Queue(Topics.QUARANTINE_ORDERS_GROUP, List.of(Topics.QUARANTINE_ORDERS)),
                new Queue(Topics.DEAD_LETTER_GROUP, List.of(Topics.DEAD_LETTER)));
    }

    /**
     * All of the above, and what holds mail that is no recipient's: reports that came back to us
     * are accepted, stored and settled as mail is, and nobody is owed an outcome for them.
     */
    public List<Queue> queuesWithReports() {
        List<Queue> all = new ArrayList<>(queues());
        all.addFirst(new Queue(Topics.INBOUND_GROUP, List.of(Topics.INBOUND)));
        return List.copyOf(all);
    }

    /** Whether a record is such a report: one that is dead stands among the dead letters. */
    static boolean isReport(MailRecord record) {
        return record instanceof Job job
                && job.envelope().envelope().stream().equals(Stream.INBOUND);
    }

    /** What the delivery log reads. */
    List<String> logged() {
        List<String> topics = new ArrayList<>(outbound);
        topics.add(Topics.EVENTS);
        return topics;
    }
}
