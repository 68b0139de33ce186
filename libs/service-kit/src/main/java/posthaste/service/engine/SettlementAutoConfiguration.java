package posthaste.service.engine;

import java.time.InstantSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import posthaste.body.BodyStore;
import posthaste.outbound.settlement.AttemptSettlement;
import posthaste.outbound.settlement.BodyRelocation;
import posthaste.outbound.settlement.RetryPolicy;
import posthaste.service.settings.RetryProperties;
import posthaste.service.settings.ServiceProperties;

/** What both delivering services do after an attempt. */
@AutoConfiguration
@ConditionalOnClass(AttemptSettlement.class)
public class SettlementAutoConfiguration {

    @Bean
    RetryPolicy retryPolicy(RetryProperties properties) {
        return new RetryPolicy(
                properties.delayTiers(),
                properties.lifetime(),
                properties.dsnLifetime(),
                properties.delayWarning());
    }

    @Bean
    BodyKeeping bodyKeeping(BodyStore store) {
        return new BodyKeeping(new BodyRelocation(store));
    }

    @Bean
    JobSettlement jobSettlement(
            RetryPolicy policy,
            InstantSource clock,
            ServiceProperties service,
            BodyKeeping bodies) {
        return new JobSettlement(new AttemptSettlement(policy, clock, service.instance()), bodies);
    }
}
