package posthaste.service.startup;

import java.time.Duration;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import posthaste.mail.record.Topics;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.MailQueue;
import posthaste.queue.Settlement;
import posthaste.service.lifecycle.ConsumerLifecycle;

/** The smallest service that there can be: it reads the dead letters and settles them. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class StartedService {

    @Bean
    ConsumerLifecycle deadLetterLoop(MailQueue queue) {
        ConsumerPlan plan =
                new ConsumerPlan(
                        "dead-letters",
                        "posthaste-test",
                        Map.of(Topics.DEAD_LETTER, Duration.ZERO),
                        10,
                        Duration.ofMillis(10),
                        Duration.ofSeconds(1));
        return new ConsumerLifecycle(
                plan.name(), () -> queue.consumer(plan, _ -> Settlement.nothing()));
    }

    static void main(String[] args) {
        SpringApplication.run(StartedService.class, args);
    }
}
