package posthaste.bounce.quarantine;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.dsl.IntegrationFlow;
import posthaste.queue.QueuedRecord;
import posthaste.service.flow.Step;

/**
 * The front door of the quarantine. A job of {@code mail.quarantine} comes in when its time is over
 * and leaves as an order; an order of {@code mail.quarantine-orders} comes in at once and leaves as
 * what it says. Holds invariant 2: each recipient is released, or ends as removed.
 */
@Configuration(proxyBeanMethods = false)
public class QuarantineFlow {

    @Bean
    DirectChannel quarantinedMail() {
        return new DirectChannel();
    }

    @Bean
    DirectChannel quarantineOrders() {
        return new DirectChannel();
    }

    @Bean
    IntegrationFlow endOfQuarantine(DirectChannel quarantinedMail, OrderedMail orderedMail) {
        return IntegrationFlow.from(quarantinedMail)
                .handle(Step.of(QueuedRecord.class, orderedMail::expire))
                .get();
    }

    @Bean
    IntegrationFlow quarantineOrder(DirectChannel quarantineOrders, OrderedMail orderedMail) {
        return IntegrationFlow.from(quarantineOrders)
                .handle(Step.of(QueuedRecord.class, orderedMail::carryOut))
                .get();
    }
}
