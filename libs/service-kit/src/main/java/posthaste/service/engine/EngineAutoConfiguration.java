package posthaste.service.engine;

import java.time.InstantSource;
import java.util.Set;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import posthaste.body.BodyStore;
import posthaste.outbound.DeliveryEngine;
import posthaste.outbound.ReturnPaths;
import posthaste.outbound.SmtpDeliveryEngine;
import posthaste.outbound.VerpReturnPaths;
import posthaste.service.settings.QueueProperties;
import posthaste.service.verp.ReturnAddresses;
import posthaste.service.verp.VerpAutoConfiguration;

/**
 * The engine: one a process. Where both fleets run in one process they share it, and with it the
 * connections and limits of each destination; where they are processes of their own each has the
 * configured limits for itself, and an operator halves them.
 */
@AutoConfiguration(after = VerpAutoConfiguration.class)
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
            QueueProperties queue,
            ReturnAddresses returnAddresses) {
        return new SmtpDeliveryEngine(
                store,
                clock,
                routing.settings(outbound),
                outbound.settings(queue.inFlight(), queue.streams(), queue.streamShares())
                        .with(returnPaths(returnAddresses)));
    }

    private static ReturnPaths returnPaths(ReturnAddresses addresses) {
        return addresses
                .codec()
                .<ReturnPaths>map(
                        codec -> new VerpReturnPaths(codec, Set.copyOf(addresses.streams())))
                .orElse(ReturnPaths.AS_ACCEPTED);
    }

    @Bean
    @ConditionalOnBean(SmtpDeliveryEngine.class)
    EngineMetrics engineMetrics(SmtpDeliveryEngine engine) {
        return new EngineMetrics(engine);
    }
}
