package posthaste.bounce.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is queued, by destination.
 *
 * @param jobs in all
 * @param recipients in all
 * @param destinations those with most jobs
 * @param rest the other destinations together
 * @param topics where the jobs stand
 */
public record QueueOverview(
        Instant asOf,
        long jobs,
        long recipients,
        List<Destination> destinations,
        Optional<Rest> rest,
        List<Place> topics) {

    /**
     * One destination.
     *
     * @param oldest when the mail that waits longest was accepted
     * @param nextDue when the next job is due; in the past: as soon as there is capacity
     * @param topics where its jobs stand
     */
    public record Destination(
            String domain,
            long jobs,
            long recipients,
            Instant oldest,
            Instant nextDue,
            List<Place> topics) {}

    /** Destinations that are not named. */
    public record Rest(long destinations, long jobs, long recipients) {}

    /** How many jobs stand on a topic. */
    public record Place(String topic, long jobs) {}

    public QueueOverview {
        destinations = List.copyOf(destinations);
        topics = List.copyOf(topics);
    }
}
