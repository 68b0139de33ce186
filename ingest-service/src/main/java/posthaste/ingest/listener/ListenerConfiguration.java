package posthaste.ingest.listener;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import posthaste.ingest.accept.Acceptor;
import posthaste.ingest.auth.Authentication;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.policy.assembly.ListenerPolicies;
import posthaste.ingest.policy.stress.Pressure;
import posthaste.ingest.policy.stress.Stress;
import posthaste.ingest.returned.ReportAddresses;
import posthaste.ingest.returned.ReportPolicy;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.ingest.smtp.ListenerSettings.AuthMode;
import posthaste.ingest.smtp.SessionGate;
import posthaste.ingest.smtp.SessionMetrics;
import posthaste.ingest.smtp.SmtpListener;
import posthaste.ingest.smtp.Surroundings;
import posthaste.service.settings.QueueProperties;
import posthaste.service.storage.StorageGuard;

/** Puts the SMTP listeners together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SmtpProperties.class, HandlingProperties.class})
public class ListenerConfiguration {

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
            ReportAddresses reports,
            Stress stress,
            MeterRegistry registry,
            InstantSource clock) {
        List<ListenerSettings> settings = properties.settings();
        new ListenerChecks(properties, Set.copyOf(queue.streams()), authentication.isPossible())
                .check(settings);
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
                                            new ReportPolicy(
                                                    policies.of(
                                                            listener.hostName(),
                                                            listener.trusted(),
                                                            listener.auth().mode() != AuthMode.OFF,
                                                            others.orderedStream().toList()),
                                                    reports),
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
