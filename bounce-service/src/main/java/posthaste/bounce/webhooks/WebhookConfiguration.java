package posthaste.bounce.webhooks;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.queue.MailQueue;
import posthaste.service.lifecycle.ConsumerLifecycle;
import posthaste.service.reload.FileWatch;

/** Events out by HTTP. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebhookProperties.class)
public class WebhookConfiguration {
    private static final String PREFIX = "posthaste.webhooks";

    @Bean(destroyMethod = "close")
    Webhooks webhooks(
            WebhookProperties properties,
            Environment environment,
            MailQueue queue,
            RuleBook bounceRules,
            FileWatch files,
            InstantSource clock,
            MeterRegistry meters) {
        refuseUnknown(environment);
        return new Webhooks(properties, queue, bounceRules, files, clock, meters);
    }

    @Bean
    ConsumerLifecycle webhookLoops(Webhooks webhooks) {
        return new ConsumerLifecycle(webhooks.loops());
    }

    /** Below {@code posthaste} itself others have properties, so the binding above can't tell. */
    private static void refuseUnknown(Environment environment) {
        Binder.get(environment)
                .bind(
                        PREFIX,
                        Bindable.mapOf(String.class, EndpointProperties.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT, _ -> true));
    }
}
