package posthaste.ingest;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.messaging.MessageChannel;
import posthaste.ingest.accept.Acknowledge;
import posthaste.ingest.accept.IncomingMail;
import posthaste.ingest.accept.PublishEnvelope;
import posthaste.ingest.accept.QueuedMail;
import posthaste.ingest.accept.ReceivedMail;
import posthaste.ingest.accept.StoreBody;
import posthaste.ingest.accept.StoredMail;
import posthaste.ingest.returned.TakeReport;
import posthaste.service.flow.Step;

/**
 * The door for what comes back. In comes a mail to a return address; out goes the reply to its
 * final dot. As durable before the {@code 250} as any other mail (DESIGN 3, invariant 1), on a
 * topic of its own: it is read by bounce-service and never relayed.
 */
@Configuration(proxyBeanMethods = false)
public class ReportFlow {

    @Bean
    MessageChannel reportEntrance() {
        return new DirectChannel();
    }

    @Bean
    IntegrationFlow reports(
            MessageChannel reportEntrance,
            TakeReport takeReport,
            StoreBody storeBody,
            PublishEnvelope publishEnvelope,
            Acknowledge acknowledge) {
        return IntegrationFlow.from(reportEntrance)
                .handle(Step.of(IncomingMail.class, takeReport::take))
                .handle(Step.of(ReceivedMail.class, storeBody::store))
                .handle(Step.of(StoredMail.class, publishEnvelope::publish))
                .handle(Step.of(QueuedMail.class, acknowledge::acknowledge))
                .get();
    }
}
