package posthaste.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.integration.channel.DirectChannel;
import posthaste.mail.record.Topics;
import posthaste.outbound.DeliveryEngine;
import posthaste.outbound.settlement.RetryPolicy;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.MailQueue;
import posthaste.queue.QueueConsumer;
import posthaste.queue.RecordHandler;
import posthaste.service.engine.AttemptMetrics;
import posthaste.service.engine.BodyKeeping;
import posthaste.service.engine.JobAttempt;
import posthaste.service.engine.ScreenedEngine;
import posthaste.service.flow.FlowGateway;
import posthaste.service.lifecycle.ConsumerLifecycle;
import posthaste.service.settings.QueueProperties;
import posthaste.service.storage.StorageGuard;
import posthaste.service.suppression.SuppressionScreen;

/** Composes delivery-service. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeliveryProperties.class)
@Import(DeliveryFlow.class)
public class DeliveryConfiguration {

    @Bean
    SplitMail splitMail(BodyKeeping bodies, InstantSource clock) {
        return new SplitMail(bodies, clock);
    }

    @Bean
    JobAttempt deliveryAttempt(
            DeliveryEngine engine,
            SuppressionScreen screen,
            BodyKeeping bodies,
            RetryPolicy policy,
            InstantSource clock,
            DeliveryProperties properties,
            MeterRegistry meters) {
        return new JobAttempt(
                new ScreenedEngine(engine, screen, clock),
                bodies,
                policy,
                clock,
                properties.budget(),
                new AttemptMetrics(meters, "delivery"));
    }

    /** One loop a stream, so that none of them can take another's share of the capacity. */
    @Bean
    ConsumerLifecycle deliveryLoops(
            MailQueue queue,
            DirectChannel outboundRecords,
            StorageGuard storage,
            QueueProperties queueProperties) {
        RecordHandler handler = storage.guarding(FlowGateway.settling(outboundRecords));
        Map<String, Supplier<QueueConsumer>> loops = new LinkedHashMap<>();
        queueProperties
                .streamShares()
                .parts(queueProperties.streams(), queueProperties.inFlight())
                .forEach((stream, inFlight) -> {
                    ConsumerPlan plan =
                            new ConsumerPlan(
                                    "delivery-" + stream,
                                    Topics.DELIVERY_GROUP,
                                    Map.of(Topics.outbound(stream), Duration.ZERO),
                                    inFlight,
                                    queueProperties.commitInterval(),
                                    queueProperties.drain());
                    loops.put(plan.name(), () -> queue.consumer(plan, handler));
                });
        return new ConsumerLifecycle(loops);
    }
}
