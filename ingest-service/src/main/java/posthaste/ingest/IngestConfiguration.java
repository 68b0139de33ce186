package posthaste.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.MessageChannel;
import posthaste.body.BodyStore;
import posthaste.body.MemoryBudget;
import posthaste.ingest.accept.AcceptanceMetrics;
import posthaste.ingest.accept.Acceptor;
import posthaste.ingest.accept.Acknowledge;
import posthaste.ingest.accept.ChargingAcceptor;
import posthaste.ingest.accept.PublishEnvelope;
import posthaste.ingest.accept.ReceiveMessage;
import posthaste.ingest.accept.ReceivedField;
import posthaste.ingest.accept.Signers;
import posthaste.ingest.accept.StoreBody;
import posthaste.ingest.accept.StreamOfMail;
import posthaste.ingest.accept.Tidying;
import posthaste.ingest.auth.Authentication;
import posthaste.ingest.content.ContentConfiguration;
import posthaste.ingest.content.InspectContent;
import posthaste.ingest.policy.AllPolicies;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.policy.rate.Quotas;
import posthaste.ingest.policy.stress.Pressure;
import posthaste.ingest.policy.stress.Stress;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.ingest.smtp.ListenerSettings.AuthMode;
import posthaste.ingest.smtp.SessionGate;
import posthaste.ingest.smtp.SessionMetrics;
import posthaste.ingest.smtp.SmtpListener;
import posthaste.ingest.smtp.Surroundings;
import posthaste.queue.Publisher;
import posthaste.service.settings.QueueProperties;
import posthaste.service.storage.StorageGuard;

/** Puts ingest-service together from what service-kit has made. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SmtpProperties.class, HandlingProperties.class})
@Import({
    IngestFlow.class,
    StreamConfiguration.class,
    ContentConfiguration.class,
    PolicyConfiguration.class,
    MessageConfiguration.class,
    HttpConfiguration.class,
    LoginConfiguration.class
})
public class IngestConfiguration {

    @Bean
    AcceptanceMetrics acceptanceMetrics(MeterRegistry registry) {
        return new AcceptanceMetrics(registry);
    }

    @Bean
    ReceiveMessage receiveMessage(
            BodyStore bodies,
            InspectContent content,
            MemoryBudget memory,
            SmtpProperties properties,
            ObjectProvider<SubmissionPolicy> policies,
            Tidying tidying,
            Signers signers,
            StreamOfMail streams) {
        return new ReceiveMessage(
                content.receivingInto(bodies),
                memory,
                new ReceivedField(
                        properties.hostName(),
                        properties.settings().stream()
                                .collect(
                                        Collectors.toMap(
                                                ListenerSettings::name,
                                                ListenerSettings::hostName))),
                properties.headerLimits(),
                new AllPolicies(policies.orderedStream().toList()),
                tidying,
                signers,
                streams,
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

    /** The way in for every protocol; what is accepted is charged. */
    @Bean
    Acceptor frontDoor(MessageChannel ingestEntrance, AcceptanceMetrics acceptance, Quotas quotas) {
        return new ChargingAcceptor(new FrontDoor(ingestEntrance, acceptance), quotas);
    }

    @Bean
    ListenerLifecycle smtpListener(
            SmtpProperties properties,
            HandlingProperties handling,
            QueueProperties queue,
            StorageGuard guard,
            SslBundles bundles,
            Acceptor frontDoor,
            Authentication authentication,
            ListenerPolicies policies,
            ObjectProvider<SubmissionPolicy> others,
            Stress stress,
            MeterRegistry registry,
            InstantSource clock) {
        List<ListenerSettings> settings = properties.settings();
        new ListenerChecks(properties, Set.copyOf(queue.streams())).check(settings);
        LoginConfiguration.checkThatSomebodyCan(authentication, settings);
        ListenerTls tls = new ListenerTls(bundles, properties);
        settings.forEach(tls::prepare);
        SessionMetrics sessions = new SessionMetrics(registry);
        SessionGate gate = new SessionGate(properties.maxSessions());
        stress.watch(new Pressure("sessions", gate::share));
        return new ListenerLifecycle(
                () -> {
                    Surroundings surroundings =
                            new Surroundings(
                                    gate,
                                    guard::acceptsMail,
                                    frontDoor,
                                    Optional.of(authentication),
                                    clock,
                                    sessions,
                                    handling.offer());
                    return settings.stream()
                            .map(listener ->
                                    new SmtpListener(
                                            listener,
                                            tls.of(listener),
                                            policies.of(
                                                    listener.hostName(),
                                                    listener.trusted(),
                                                    listener.auth().mode() != AuthMode.OFF,
                                                    others.orderedStream().toList()),
                                            surroundings))
                            .toList();
                },
                properties);
    }

    @Bean
    HealthIndicator smtpHealthIndicator(ListenerLifecycle smtpListener) {
        return () ->
                (smtpListener.isRunning() ? Health.up() : Health.down())
                        .withDetail("listening", smtpListener.isRunning())
                        .withDetail("ports", smtpListener.ports())
                        .build();
    }
}
