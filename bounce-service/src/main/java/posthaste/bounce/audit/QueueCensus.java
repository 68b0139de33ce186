package posthaste.bounce.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import posthaste.bounce.audit.QueueOverview.Destination;
import posthaste.bounce.audit.QueueOverview.Place;
import posthaste.bounce.audit.QueueOverview.Rest;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.Notice;
import posthaste.mail.record.QuarantineOrder;
import posthaste.mail.record.Split;
import posthaste.queue.QueuedRecord;

/** Counts queued records by destination, for a bounded number of destinations. */
final class QueueCensus {
    private final QueueTopics topics;
    private final int tracked;
    private final Map<String, Count> destinations = new HashMap<>();
    private final Map<String, Long> places = new TreeMap<>();
    private long jobs;
    private long recipients;

    /**
     * Begins at nothing.
     *
     * @param tracked destinations told apart at most; those met later count as rest
     */
    QueueCensus(QueueTopics topics, int tracked) {
        this.topics = topics;
        this.tracked = tracked;
    }

    void add(QueuedRecord record) {
        if (QueueTopics.isReport(record.content())) {
            return;
        }
        switch (record.content()) {
            case Job job ->
                    add(record, job.domain(), job.pending().size(), job.envelope().envelope());
            case Split split -> {
                for (Job job : split.jobs()) {
                    add(record, job.domain(), job.pending().size(), split.envelope().envelope());
                }
            }
            case Notice notice -> {
                Envelope envelope = notice.envelope().envelope();
                add(
                        record,
                        envelope.recipients().getFirst().address().asciiDomain(),
                        notice.entries().size(),
                        envelope);
            }
            // What it is about stands in quarantine besides.
            case QuarantineOrder _, Event _ -> {}
        }
    }

    /** What was counted, with the {@code named} largest destinations. */
    QueueOverview overview(Instant asOf, int named) {
        List<Map.Entry<String, Count>> largest =
                destinations.entrySet().stream()
                        .sorted(
                                Comparator.comparingLong(
                                                (Map.Entry<String, Count> d) -> -d.getValue().jobs)
                                        .thenComparing(Map.Entry::getKey))
                        .limit(named)
                        .toList();
        long namedJobs = largest.stream().mapToLong(d -> d.getValue().jobs).sum();
        long namedRecipients = largest.stream().mapToLong(d -> d.getValue().recipients).sum();
        Optional<Rest> rest =
                jobs == namedJobs
                        ? Optional.empty()
                        : Optional.of(
                                new Rest(
                                        destinations.size() - largest.size(),
                                        jobs - namedJobs,
                                        recipients - namedRecipients));
        return new QueueOverview(
                asOf,
                jobs,
                recipients,
                largest.stream().map(d -> d.getValue().as(d.getKey())).toList(),
                rest,
                placesOf(places));
    }

    private void add(QueuedRecord record, String domain, int waiting, Envelope envelope) {
        jobs++;
        recipients += waiting;
        places.merge(record.topic(), 1L, Long::sum);
        Count count = destinations.get(domain);
        if (count == null && destinations.size() < tracked) {
            count = new Count();
            destinations.put(domain, count);
        }
        if (count != null) {
            Duration delay = topics.deferred().getOrDefault(record.topic(), Duration.ZERO);
            count.add(
                    record.topic(), waiting, envelope.acceptedAt(), record.timestamp().plus(delay));
        }
    }

    private static List<Place> placesOf(Map<String, Long> places) {
        return places.entrySet().stream().map(e -> new Place(e.getKey(), e.getValue())).toList();
    }

    /** Of one destination. */
    private static final class Count {
        private final Map<String, Long> places = new TreeMap<>();
        private long jobs;
        private long recipients;
        private Instant oldest = Instant.MAX;
        private Instant nextDue = Instant.MAX;

        void add(String topic, int waiting, Instant acceptedAt, Instant due) {
            jobs++;
            recipients += waiting;
            places.merge(topic, 1L, Long::sum);
            oldest = acceptedAt.isBefore(oldest) ? acceptedAt : oldest;
            nextDue = due.isBefore(nextDue) ? due : nextDue;
        }

        Destination as(String domain) {
            return new Destination(domain, jobs, recipients, oldest, nextDue, placesOf(places));
        }
    }
}
