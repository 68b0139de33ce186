package posthaste.bounce.quarantine;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.integration.channel.DirectChannel;
import posthaste.body.BodyCopier;
import posthaste.body.BodyStore;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.MailQueue;
import posthaste.queue.QueueConsumer;
import posthaste.service.flow.FlowGateway;
import posthaste.service.lifecycle.ConsumerLifecycle;
import posthaste.service.settings.QueueProperties;
import posthaste.service.storage.StorageGuard;

/** What ends a stay in quarantine: two loops. */
@Configuration(proxyBeanMethods = false)
@Import(QuarantineFlow.class)
public class QuarantineLoops {
    /** Enough for orders about many mails to share a look at all orders. */
    private static final int IN_FLIGHT = 500;

    @Bean
    OrderedMail orderedMail(
            Decisions decisions, BodyStore store, QueueProperties properties, InstantSource clock) {
        return new OrderedMail(decisions, new BodyCopier(store), properties.quarantine(), clock);
    }

    /** One waits for long, the other never. */
    @Bean
    ConsumerLifecycle quarantineLoops(
            MailQueue queue,
            QueueProperties properties,
            StorageGuard storage,
            DirectChannel quarantinedMail,
            DirectChannel quarantineOrders) {
        Map<String, Supplier<QueueConsumer>> loops = new LinkedHashMap<>();
        ConsumerPlan ends =
                plan(
                        "quarantine",
                        Topics.QUARANTINE_GROUP,
                        Topics.QUARANTINE,
                        properties.quarantine(),
                        properties);
        loops.put(
                ends.name(),
                () ->
                        queue.consumer(
                                ends, storage.guarding(FlowGateway.settling(quarantinedMail))));
        ConsumerPlan orders =
                plan(
                        "quarantine-orders",
                        Topics.QUARANTINE_ORDERS_GROUP,
                        Topics.QUARANTINE_ORDERS,
                        Duration.ZERO,
                        properties);
        loops.put(
                orders.name(),
                () ->
                        queue.consumer(
                                orders, storage.guarding(FlowGateway.settling(quarantineOrders))));
        return new ConsumerLifecycle(loops);
    }

    private static ConsumerPlan plan(
            String name, String group, String topic, Duration delay, QueueProperties properties) {
        return new ConsumerPlan(
                name,
                group,
                Map.of(topic, delay),
                IN_FLIGHT,
                properties.commitInterval(),
                properties.drain());
    }
}
