package posthaste.service.engine;

import java.time.InstantSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import posthaste.body.BodyStore;
import posthaste.outbound.DeliveryEngine;
import posthaste.outbound.SmtpDeliveryEngine;
import posthaste.service.settings.QueueProperties;

/**
 * The engine: one a process. Where both fleets run in one process they share it, and with it the
 * connections and limits of each destination; where they are processes of their own each has the
 * configured limits for itself, and an operator halves them.
 */
@AutoConfiguration
@ConditionalOnClass(DeliveryEngine.class)
@EnableConfigurationProperties({RoutingProperties.class, OutboundProperties.class})
public class EngineAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(DeliveryEngine.class)
    SmtpDeliveryEngine deliveryEngine(
            BodyStore store,
            InstantSource clock,
            RoutingProperties routing,
            OutboundProperties outbound,
            QueueProperties queue) {
        return new SmtpDeliveryEngine(
                store,
                clock,
                routing.settings(outbound),
                outbound.settings(queue.inFlight(), queue.streams(), queue.streamShares()));
    }

    @Bean
    @ConditionalOnBean(SmtpDeliveryEngine.class)
    EngineMetrics engineMetrics(SmtpDeliveryEngine engine) {
        return new EngineMetrics(engine);
    }
}
