package posthaste.ingest;

import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import posthaste.ingest.accept.StreamOfMail;
import posthaste.ingest.accept.StreamProperties;
import posthaste.ingest.listener.SmtpProperties;
import posthaste.ingest.policy.StreamChoice;
import posthaste.ingest.policy.SuppressionPolicy;
import posthaste.ingest.policy.assembly.PolicyConfiguration;
import posthaste.ingest.policy.relay.RelayRightsPolicy;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.mail.envelope.Stream;
import posthaste.service.settings.QueueProperties;
import posthaste.service.suppression.SuppressionScreen;

/** Which stream a mail goes into, and who gets none of it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StreamProperties.class)
class StreamConfiguration {

    @Bean
    StreamChoice streamChoice(
            SmtpProperties properties,
            QueueProperties queue,
            PolicyConfiguration.PolicyInForce policy) {
        Map<String, RelayRightsPolicy> rights =
                properties.settings().stream()
                        .collect(
                                Collectors.toMap(
                                        ListenerSettings::name,
                                        listener ->
                                                new RelayRightsPolicy(
                                                        () -> policy.current().get().relay(),
                                                        listener.trusted())));
        return new StreamChoice(
                queue.streams(),
                submitter -> {
                    RelayRightsPolicy ofListener = rights.get(submitter.listener());
                    return ofListener != null && ofListener.isTrusted(submitter);
                });
    }

    @Bean
    StreamOfMail streamOfMail(StreamChoice choice, StreamProperties properties) {
        return new StreamOfMail(choice, properties.field());
    }

    @Bean
    SuppressionPolicy suppressionPolicy(
            SuppressionScreen screen, StreamChoice choice, SmtpProperties properties) {
        Map<String, Stream> streams =
                properties.settings().stream()
                        .collect(
                                Collectors.toMap(ListenerSettings::name, ListenerSettings::stream));
        return new SuppressionPolicy(
                screen,
                submitter ->
                        choice.usual(
                                submitter,
                                streams.getOrDefault(
                                        submitter.listener(), properties.defaultStream())));
    }
}
