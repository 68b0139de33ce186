package posthaste.bounce.webhooks;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import posthaste.bounce.events.EventJson;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.mail.record.Topics;
import posthaste.queue.FollowPlan;
import posthaste.queue.MailQueue;
import posthaste.queue.QueueConsumer;
import posthaste.service.reload.FileWatch;

/** All endpoints of this process, each with a loop over {@code mail.events} of its own. */
final class Webhooks implements AutoCloseable {
    private static final String GROUP_PREFIX = "posthaste-webhook-";

    private final Map<String, Supplier<QueueConsumer>> loops = new LinkedHashMap<>();
    private final List<EndpointClient> clients = new ArrayList<>();

    Webhooks(
            WebhookProperties properties,
            MailQueue queue,
            RuleBook rules,
            FileWatch files,
            InstantSource clock,
            MeterRegistry meters) {
        Instant start = clock.instant();
        properties
                .webhooks()
                .forEach((name, endpoint) -> {
                    EndpointClient client =
                            new EndpointClient(
                                    endpoint.target(),
                                    secrets(name, endpoint, files),
                                    endpoint.timeout(),
                                    clock);
                    clients.add(client);
                    EndpointDelivery delivery =
                            new EndpointDelivery(
                                    name,
                                    endpoint,
                                    client,
                                    () -> new EventJson(rules.current()),
                                    new WebhookMetrics(meters, name, clock));
                    FollowPlan plan = plan(name, endpoint, start);
                    loops.put(plan.name(), () -> queue.follow(plan, delivery));
                });
    }

    /** By name; none when there are no endpoints. */
    Map<String, Supplier<QueueConsumer>> loops() {
        return Map.copyOf(loops);
    }

    @Override
    public void close() {
        clients.forEach(EndpointClient::close);
    }

    private static FollowPlan plan(String name, EndpointProperties endpoint, Instant start) {
        return new FollowPlan(
                "webhook-" + name,
                GROUP_PREFIX + name,
                List.of(Topics.EVENTS),
                endpoint.batchSize(),
                endpoint.batchWait(),
                switch (endpoint.begin()) {
                    case NOW -> Optional.of(start);
                    case EARLIEST -> Optional.empty();
                });
    }

    private static Supplier<List<Secret>> secrets(
            String name, EndpointProperties endpoint, FileWatch files) {
        if (endpoint.secretFile() != null) {
            return files.watch("webhook-" + name, endpoint.secretFile(), SecretFile::parse)
                    ::current;
        }
        List<Secret> one = List.of(Secret.parse(String.valueOf(endpoint.secret())));
        return () -> one;
    }
}
