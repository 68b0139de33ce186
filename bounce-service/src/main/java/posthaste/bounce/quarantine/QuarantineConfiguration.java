package posthaste.bounce.quarantine;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import posthaste.body.BodyStore;
import posthaste.queue.MailQueue;
import posthaste.service.settings.QueueProperties;

/** The quarantine as it is looked at and ordered about. */
@Configuration(proxyBeanMethods = false)
public class QuarantineConfiguration {
    @Bean
    Decisions quarantineDecisions(MailQueue queue) {
        return new Decisions(queue.scanner());
    }

    @Bean
    UndecidedMail undecidedMail(MailQueue queue, Decisions decisions) {
        return new UndecidedMail(queue.scanner(), decisions);
    }

    @Bean
    Quarantine quarantine(
            MailQueue queue,
            BodyStore store,
            UndecidedMail undecided,
            QueueProperties properties,
            InstantSource clock) {
        return new Quarantine(queue, store, undecided, properties.quarantine(), clock);
    }

    @Bean
    QuarantineMetrics quarantineMetrics(Quarantine quarantine, MeterRegistry registry) {
        return new QuarantineMetrics(quarantine, registry);
    }
}
