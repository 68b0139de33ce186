package posthaste.fallback.janitor;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import posthaste.body.Generation;
import posthaste.mail.record.Topics;

/**
 * What there is to know of a topic before anything behind its marks may go. New kinds of topics and
 * of generations have their place here; of one that has none nothing is removed at all.
 *
 * @param settler the group whose low-water mark says which records still need their bodies
 * @param readers all groups that have to be done with a record before it may go
 * @param delay how long a record waits until it is due
 * @param generations whose bodies its records may name
 */
record BodyTopic(
        String name,
        String settler,
        Set<String> readers,
        Duration delay,
        Set<Generation> generations) {
    private static final Set<Generation> ON_ITS_WAY =
            Set.of(Generation.PRIMARY, Generation.DEFERRED);

    /** Kept by age or key alone: what the log is rebuilt from, and facts. */
    private static final Set<String> WITHOUT_BODIES =
            Set.of(Topics.EVENTS, Topics.CONTROL, Topics.SUPPRESSION);

    private static final Set<Generation> SET_ASIDE = Set.of(Generation.QUARANTINE);

    /**
     * Whether its records stay when they are settled, and go by age: an order tells what has become
     * of the mail that it is about for as long as that stands in quarantine.
     */
    boolean isKeptByAge() {
        return name.equals(Topics.QUARANTINE_ORDERS);
    }

    /** Whether its records name no bodies and go by themselves. */
    static boolean isWithoutBodies(String name) {
        return WITHOUT_BODIES.contains(name);
    }

    /** What is known of a topic of this name; empty: nobody knows who needs it. */
    static Optional<BodyTopic> of(String name) {
        if (name.startsWith(Topics.OUTBOUND_PREFIX)) {
            return Optional.of(
                    new BodyTopic(
                            name,
                            Topics.DELIVERY_GROUP,
                            Set.of(Topics.DELIVERY_GROUP, Topics.ACCEPTANCE_GROUP),
                            Duration.ZERO,
                            ON_ITS_WAY));
        }
        if (name.startsWith(Topics.DEFERRED_PREFIX)) {
            return Topics.tierOf(name)
                    .map(tier -> settledBy(Topics.FALLBACK_GROUP, name, tier.delay(), ON_ITS_WAY));
        }
        return switch (name) {
            case Topics.BOUNCE ->
                    Optional.of(settledBy(Topics.BOUNCE_GROUP, name, Duration.ZERO, ON_ITS_WAY));
            case Topics.INBOUND ->
                    Optional.of(settledBy(Topics.INBOUND_GROUP, name, Duration.ZERO, ON_ITS_WAY));
            case Topics.DEAD_LETTER ->
                    Optional.of(
                            settledBy(
                                    Topics.DEAD_LETTER_GROUP,
                                    name,
                                    Duration.ZERO,
                                    Set.of(Generation.DEAD_LETTER)));
            case Topics.QUARANTINE ->
                    Optional.of(settledBy(Topics.QUARANTINE_GROUP, name, Duration.ZERO, SET_ASIDE));
            case Topics.QUARANTINE_ORDERS ->
                    Optional.of(
                            settledBy(
                                    Topics.QUARANTINE_ORDERS_GROUP,
                                    name,
                                    Duration.ZERO,
                                    SET_ASIDE));
            default -> Optional.empty();
        };
    }

    private static BodyTopic settledBy(
            String group, String name, Duration delay, Set<Generation> generations) {
        return new BodyTopic(name, group, Set.of(group), delay, generations);
    }
}
