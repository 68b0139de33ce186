package posthaste.fallback.janitor;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import posthaste.body.inventory.BodyInventory;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Topics;
import posthaste.outbound.settlement.BodyBounds;
import posthaste.outbound.settlement.RetryPolicy;
import posthaste.queue.MailQueue;
import posthaste.service.settings.BodyProperties;

/** The janitor, unless it is switched off. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(JanitorProperties.class)
@ConditionalOnBooleanProperty(name = "posthaste.janitor.enabled", matchIfMissing = true)
public class JanitorConfiguration {

    /** The name of the fallback-service's loop that reads a stream's tiers. */
    public static String loopOf(Stream stream) {
        return "fallback-" + stream.name();
    }

    @Bean
    Janitor janitor(
            MailQueue queue,
            BodyInventory store,
            BodyProperties bodies,
            BodyBounds bounds,
            RetryPolicy policy,
            JanitorProperties properties,
            InstantSource clock,
            MeterRegistry meters) {
        Cleaning cleaning =
                new Cleaning(
                        queue.marks(),
                        store,
                        bounds,
                        properties.grace(),
                        bodies.slot(),
                        clock,
                        System::nanoTime);
        Janitor.Turn turn =
                new Janitor.Turn(
                        loopOf(Stream.TRANSACTIONAL),
                        Topics.FALLBACK_GROUP,
                        Topics.deferred(policy.tiers().getFirst()));
        return new Janitor(
                cleaning, queue.marks(), turn, properties.interval(), new JanitorMetrics(meters));
    }
}
