package posthaste.bounce.suppression;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;
import posthaste.service.suppression.Suppression;
import posthaste.service.suppression.SuppressionClass;
import posthaste.service.suppression.SuppressionCodec.Said;
import posthaste.service.suppression.SuppressionKey;
import posthaste.service.suppression.SuppressionTopic;

/** What operators order: each order is durable when it returns, and bears their name. */
public final class SuppressionOrders {
    private final SuppressionTopic topic;
    private final InstantSource clock;

    public SuppressionOrders(SuppressionTopic topic, InstantSource clock) {
        this.topic = topic;
        this.clock = clock;
    }

    /** An address gets no mail from now on. */
    public Suppression add(
            SuppressionKey key,
            SuppressionClass what,
            String reason,
            Optional<Instant> expires,
            String operator)
            throws QueueUnavailableException, OutcomeUnknownException, InterruptedException {
        Suppression entry = entry(key, what, reason, expires, operator);
        topic.write(List.of(new Said.Listed(entry)));
        return entry;
    }

    /** As {@link #add} would make it. */
    Suppression entry(
            SuppressionKey key,
            SuppressionClass what,
            String reason,
            Optional<Instant> expires,
            String operator) {
        Instant now = clock.instant();
        return new Suppression(key, what, true, 1, reason, operator, now, now, expires);
    }

    /** An address gets mail again; there need be no entry. */
    public void remove(SuppressionKey key, String reason, String operator)
            throws QueueUnavailableException, OutcomeUnknownException, InterruptedException {
        topic.write(List.of(new Said.Removed(key, reason, operator, clock.instant())));
    }

    /** Many at once. */
    void addAll(List<Suppression> entries)
            throws QueueUnavailableException, OutcomeUnknownException, InterruptedException {
        topic.write(entries.stream().<Said>map(Said.Listed::new).toList());
    }
}
