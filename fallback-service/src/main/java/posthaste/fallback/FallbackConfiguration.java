package posthaste.fallback;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.integration.channel.DirectChannel;
import posthaste.fallback.depth.DepthConfiguration;
import posthaste.fallback.janitor.JanitorConfiguration;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Tier;
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

/** Composes fallback-service. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FallbackProperties.class)
@Import({FallbackFlow.class, JanitorConfiguration.class, DepthConfiguration.class})
public class FallbackConfiguration {

    @Bean
    JobAttempt fallbackAttempt(
            DeliveryEngine engine,
            SuppressionScreen screen,
            BodyKeeping bodies,
            RetryPolicy policy,
            InstantSource clock,
            FallbackProperties properties,
            MeterRegistry meters) {
        return new JobAttempt(
                new ScreenedEngine(engine, screen, clock),
                bodies,
                policy,
                clock,
                properties.budget(),
                new AttemptMetrics(meters, "fallback"));
    }

    /**
     * One loop a stream, over all of its tiers: what is due is due, from whichever tier it comes,
     * and a million campaign mails that are due take none of the places of the others.
     */
    @Bean
    ConsumerLifecycle fallbackLoops(
            MailQueue queue,
            DirectChannel dueRecords,
            StorageGuard storage,
            QueueProperties properties,
            RetryPolicy policy) {
        RecordHandler handler = storage.guarding(FlowGateway.settling(dueRecords));
        Map<String, Supplier<QueueConsumer>> loops = new LinkedHashMap<>();
        properties
                .streamShares()
                .parts(Topics.deferringStreams(properties.streams()), properties.inFlight())
                .forEach((stream, inFlight) -> {
                    ConsumerPlan plan =
                            new ConsumerPlan(
                                    JanitorConfiguration.loopOf(stream),
                                    Topics.FALLBACK_GROUP,
                                    delays(stream, policy),
                                    inFlight,
                                    properties.commitInterval(),
                                    properties.drain());
                    loops.put(plan.name(), () -> queue.consumer(plan, handler));
                });
        return new ConsumerLifecycle(loops);
    }

    private static Map<String, Duration> delays(Stream stream, RetryPolicy policy) {
        return policy.tiers().stream()
                .collect(Collectors.toMap(tier -> Topics.deferred(stream, tier), Tier::delay));
    }
}
