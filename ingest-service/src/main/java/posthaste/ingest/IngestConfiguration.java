package posthaste.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
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
import posthaste.ingest.content.ContentConfiguration;
import posthaste.ingest.content.InspectContent;
import posthaste.ingest.listener.ListenerConfiguration;
import posthaste.ingest.listener.SmtpProperties;
import posthaste.ingest.policy.AllPolicies;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.policy.assembly.PolicyConfiguration;
import posthaste.ingest.policy.rate.Quotas;
import posthaste.ingest.returned.ReportAddresses;
import posthaste.ingest.returned.ReportsApart;
import posthaste.ingest.smtp.ListenerSettings;
import posthaste.queue.Publisher;
import posthaste.service.storage.StorageGuard;

/** Puts ingest-service together from what service-kit has made. */
@Configuration(proxyBeanMethods = false)
@Import({
    IngestFlow.class,
    ReportConfiguration.class,
    StreamConfiguration.class,
    ContentConfiguration.class,
    PolicyConfiguration.class,
    ListenerConfiguration.class,
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

    /** The way in for every protocol; what is accepted is charged, but for reports to us. */
    @Bean
    Acceptor frontDoor(
            MessageChannel ingestEntrance,
            MessageChannel reportEntrance,
            ReportAddresses reportAddresses,
            AcceptanceMetrics acceptance,
            Quotas quotas) {
        return new ReportsApart(
                new ChargingAcceptor(new FrontDoor(ingestEntrance, acceptance), quotas),
                new FrontDoor(reportEntrance, acceptance),
                reportAddresses);
    }
}
