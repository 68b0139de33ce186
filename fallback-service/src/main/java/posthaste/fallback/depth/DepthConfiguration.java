package posthaste.fallback.depth;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Tier;
import posthaste.mail.record.Topics;
import posthaste.queue.MailQueue;
import posthaste.service.settings.QueueProperties;
import posthaste.service.settings.RetryProperties;

/** Composes the look at the queues' depth. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DepthProperties.class)
public class DepthConfiguration {

    @Bean
    QueueDepth queueDepth(
            MailQueue queue,
            QueueProperties properties,
            RetryProperties retry,
            DepthProperties depth,
            MeterRegistry meters) {
        return new QueueDepth(queue.marks(), groups(properties, retry), depth.interval(), meters);
    }

    private static Map<String, Map<String, Duration>> groups(
            QueueProperties properties, RetryProperties retry) {
        Map<String, Duration> outbound = new HashMap<>();
        for (Stream stream : properties.streams()) {
            outbound.put(Topics.outbound(stream), Duration.ZERO);
        }
        Map<String, Duration> deferred = new HashMap<>();
        for (Stream stream : Topics.deferringStreams(properties.streams())) {
            for (Tier tier : retry.delayTiers()) {
                deferred.put(Topics.deferred(stream, tier), tier.delay());
            }
        }
        return Map.of(
                Topics.DELIVERY_GROUP,
                outbound,
                Topics.FALLBACK_GROUP,
                deferred,
                Topics.BOUNCE_GROUP,
                Map.of(Topics.BOUNCE, Duration.ZERO),
                Topics.INBOUND_GROUP,
                Map.of(Topics.INBOUND, Duration.ZERO),
                Topics.DEAD_LETTER_GROUP,
                Map.of(Topics.DEAD_LETTER, Duration.ZERO));
    }
}
