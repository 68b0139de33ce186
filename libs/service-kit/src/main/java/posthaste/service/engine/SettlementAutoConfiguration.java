package posthaste.service.engine;

import java.time.Duration;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import posthaste.body.BodyStore;
import posthaste.outbound.settlement.AttemptSettlement;
import posthaste.outbound.settlement.BodyBounds;
import posthaste.outbound.settlement.BodyRelocation;
import posthaste.outbound.settlement.FirstStops;
import posthaste.outbound.settlement.RetryPolicy;
import posthaste.service.settings.BodyProperties;
import posthaste.service.settings.QueueProperties;
import posthaste.service.settings.RetryProperties;
import posthaste.service.settings.ServiceProperties;
import posthaste.service.settings.StartRefusedException;

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
    BodyBounds bodyBounds(BodyProperties properties, RetryProperties retry, QueueProperties queue) {
        Duration longest = retry.tiers().getLast();
        if (longest.plus(properties.slot()).compareTo(properties.deferredBound()) >= 0) {
            throw new StartRefusedException(
                    "posthaste.body.deferred-bound is "
                            + properties.deferredBound()
                            + ", but must be longer than the last of posthaste.retry.tiers ("
                            + longest
                            + ") and posthaste.body.slot ("
                            + properties.slot()
                            + ") together: a copy that is made now has to last until then.");
        }
        return new BodyBounds(
                properties.primaryBound(),
                properties.deferredBound(),
                queue.quarantine().plus(properties.deferredBound()));
    }

    @Bean
    BodyKeeping bodyKeeping(BodyStore store, BodyBounds bounds) {
        return new BodyKeeping(new BodyRelocation(store, bounds));
    }

    @Bean
    FirstStopStep firstStopStep(
            RetryPolicy policy,
            InstantSource clock,
            ServiceProperties service,
            QueueProperties queue,
            BodyKeeping bodies) {
        return new FirstStopStep(
                new FirstStops(policy, clock, service.instance()), bodies, queue.quarantine());
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
