package posthaste.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.MessageChannel;
import posthaste.body.BodyStore;
import posthaste.ingest.accept.AcceptanceMetrics;
import posthaste.ingest.accept.Acknowledge;
import posthaste.ingest.accept.PublishEnvelope;
import posthaste.ingest.accept.ReceiveMessage;
import posthaste.ingest.accept.ReceivedField;
import posthaste.ingest.accept.StoreBody;
import posthaste.ingest.policy.RelayPolicy;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.ingest.smtp.SessionMetrics;
import posthaste.ingest.smtp.SmtpListener;
import posthaste.mail.envelope.Stream;
import posthaste.queue.Publisher;
import posthaste.service.settings.QueueProperties;
import posthaste.service.settings.StartRefusedException;
import posthaste.service.storage.StorageGuard;

/** Puts ingest-service together from what service-kit has made. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SmtpProperties.class)
@Import(IngestFlow.class)
public class IngestConfiguration {

    @Bean
    AcceptanceMetrics acceptanceMetrics(MeterRegistry registry) {
        return new AcceptanceMetrics(registry);
    }

    @Bean
    ReceiveMessage receiveMessage(BodyStore bodies, SmtpProperties properties) {
        return new ReceiveMessage(
                bodies,
                new ReceivedField(properties.hostName()),
                properties.headerLimits(),
                properties.memoryWait(),
                properties.acceptanceDeadline());
    }

    @Bean
    StoreBody storeBody(StorageGuard guard) {
        return new StoreBody(guard::acceptsMail);
    }

    @Bean
    PublishEnvelope publishEnvelope(Publisher publisher) {
        return new PublishEnvelope(publisher);
    }

    @Bean
    Acknowledge acknowledge(AcceptanceMetrics metrics) {
        return new Acknowledge(metrics);
    }

    @Bean
    ListenerLifecycle smtpListener(
            SmtpProperties properties,
            QueueProperties queue,
            StorageGuard guard,
            MessageChannel ingestEntrance,
            AcceptanceMetrics acceptance,
            MeterRegistry registry,
            InstantSource clock) {
        if (!queue.streams().contains(properties.defaultStream())) {
            throw new StartRefusedException(
                    "posthaste.smtp.default-stream is '"
                            + properties.defaultStream()
                            + "', but must be one of posthaste.queue.streams ("
                            + queue.streams().stream()
                                    .map(Stream::name)
                                    .collect(Collectors.joining(","))
                            + ").");
        }
        ListenerSettings settings = properties.listener();
        FrontDoor door = new FrontDoor(ingestEntrance, acceptance);
        SessionMetrics sessions = new SessionMetrics(registry);
        return new ListenerLifecycle(
                () ->
                        new SmtpListener(
                                settings,
                                new RelayPolicy(properties.trusted()),
                                guard::acceptsMail,
                                door,
                                clock,
                                sessions),
                properties);
    }

    @Bean
    HealthIndicator smtpHealthIndicator(ListenerLifecycle smtpListener) {
        return () ->
                (smtpListener.isRunning() ? Health.up() : Health.down())
                        .withDetail("listening", smtpListener.isRunning())
                        .build();
    }
}
