package posthaste.bounce.audit;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import posthaste.bounce.deliverylog.LogAccounts;
import posthaste.bounce.quarantine.UndecidedMail;
import posthaste.service.settings.QueueProperties;
import posthaste.service.settings.RetryProperties;

/** The audit, and the view of the queues. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AuditProperties.class)
public class AuditConfiguration {

    @Bean
    QueueTopics queueTopics(QueueProperties queues, RetryProperties retry) {
        return QueueTopics.of(queues.streams(), retry.delayTiers());
    }

    @Bean
    Audit audit(
            LogAccounts log,
            UndecidedMail queue,
            QueueTopics topics,
            InstantSource clock,
            AuditProperties properties) {
        return new Audit(log, queue, topics, clock, properties);
    }

    @Bean
    AuditSchedule auditSchedule(
            Audit audit, AuditProperties properties, InstantSource clock, MeterRegistry meters) {
        return new AuditSchedule(audit, properties, clock, meters);
    }

    @Bean
    QueueView queueView(UndecidedMail queue, QueueTopics topics, InstantSource clock) {
        return new QueueView(queue, topics, clock);
    }
}
