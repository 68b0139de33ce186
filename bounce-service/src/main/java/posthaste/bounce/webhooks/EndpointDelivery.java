package posthaste.bounce.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import posthaste.bounce.events.EventFilter;
import posthaste.bounce.events.EventJson;
import posthaste.bounce.events.ToldEvent;
import posthaste.mail.record.Event;
import posthaste.queue.BatchTaker;
import posthaste.queue.QueuedRecord;
import posthaste.queue.pace.Backoff;

/**
 * Sends what one endpoint wants to it, a request at a time: what the partitions have waiting goes
 * together, in the order of the events' times. A request that is not taken is tried again, the
 * same, until it is: so nothing is lost, and what comes later waits, in the log and not here.
 */
final class EndpointDelivery implements BatchTaker {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointDelivery.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    private final String name;
    private final EventFilter filter;
    private final int batchSize;
    private final Backoff backoff;
    private final EndpointClient client;
    private final Supplier<EventJson> json;
    private final WebhookMetrics metrics;

    private final Queue<Portion> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock turn = new ReentrantLock(true);
    private final SplittableRandom random = new SplittableRandom();

    /** What one partition brought. Guarded by the turn. */
    private static final class Portion {
        private final List<ToldEvent> events;
        private boolean taken;

        Portion(List<ToldEvent> events) {
            this.events = events;
        }
    }

    EndpointDelivery(
            String name,
            EndpointProperties properties,
            EndpointClient client,
            Supplier<EventJson> json,
            WebhookMetrics metrics) {
        this.name = name;
        this.filter = properties.filter();
        this.batchSize = properties.batchSize();
        Duration longest = properties.longestPause();
        this.backoff =
                new Backoff(longest.compareTo(FIRST_PAUSE) < 0 ? longest : FIRST_PAUSE, longest);
        this.client = client;
        this.json = json;
        this.metrics = metrics;
    }

    @Override
    public void take(String topic, int partition, long missed, List<QueuedRecord> records)
            throws InterruptedException {
        if (missed > 0) {
            metrics.missed(missed);
            LOG.error(
                    "webhook {}: {} records of {}-{} were deleted before it took them",
                    name,
                    missed,
                    topic,
                    partition);
        }
        List<ToldEvent> wanted = wanted(records);
        if (wanted.isEmpty()) {
            return;
        }
        Portion mine = new Portion(wanted);
        waiting.add(mine);
        try {
            turn.lockInterruptibly();
        } catch (InterruptedException e) {
            waiting.remove(mine);
            throw e;
        }
        try {
            if (!mine.taken) {
                waiting.remove(mine);
                send(mine);
            }
        } finally {
            turn.unlock();
        }
    }

    private List<ToldEvent> wanted(List<QueuedRecord> records) {
        List<ToldEvent> wanted = new ArrayList<>();
        for (QueuedRecord record : records) {
            if (record.content() instanceof Event event) {
                ToldEvent.of(event).stream().filter(filter::wants).forEach(wanted::add);
            }
        }
        return wanted;
    }

    /** With what others have waiting, as far as there is room. */
    private void send(Portion first) throws InterruptedException {
        List<Portion> load = new ArrayList<>(List.of(first));
        int size = first.events.size();
        for (Portion next = waiting.peek();
                next != null && size + next.events.size() <= batchSize;
                next = waiting.peek()) {
            if (!waiting.remove(next)) {
                continue;
            }
            load.add(next);
            size += next.events.size();
        }
        List<ToldEvent> events =
                load.stream()
                        .flatMap(portion -> portion.events.stream())
                        .sorted(Comparator.comparing(told -> told.event().at()))
                        .toList();
        for (int from = 0; from < events.size(); from += batchSize) {
            deliver(events.subList(from, Math.min(events.size(), from + batchSize)));
        }
        load.forEach(portion -> portion.taken = true);
    }

    private void deliver(List<ToldEvent> events) throws InterruptedException {
        Instant oldest = events.getFirst().event().at();
        metrics.sending(oldest);
        Batch batch = new Batch(events, json.get());
        for (int failures = 1; ; failures++) {
            long begun = System.nanoTime();
            Answer answer = client.post(batch.id(), batch.body());
            metrics.answered(answer, Duration.ofNanos(System.nanoTime() - begun));
            switch (answer) {
                case Answer.Taken _ -> {
                    if (failures > 1) {
                        LOG.info("webhook {}: takes events again", name);
                    }
                    metrics.sent(events.size());
                    return;
                }
                case Answer.Refused refused when refused.isTooLarge() && events.size() > 1 -> {
                    deliver(events.subList(0, events.size() / 2));
                    deliver(events.subList(events.size() / 2, events.size()));
                    return;
                }
                case Answer.Refused(int status, var retryAfter) ->
                        pause(failures, "status " + status, retryAfter.orElse(Duration.ZERO));
                case Answer.Silent(String why) -> pause(failures, why, Duration.ZERO);
            }
        }
    }

    private void pause(int failures, String why, Duration atLeast) throws InterruptedException {
        Duration pause = backoff.after(failures, random);
        if (failures == 1) {
            LOG.warn("webhook {}: does not take events, they wait in the log: {}", name, why);
        } else {
            LOG.debug("webhook {}: failure {}: {}", name, failures, why);
        }
        Thread.sleep(pause.compareTo(atLeast) < 0 ? atLeast : pause);
    }
}
