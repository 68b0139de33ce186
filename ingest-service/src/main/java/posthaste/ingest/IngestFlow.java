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
import posthaste.ingest.accept.ReceiveMessage;
import posthaste.ingest.accept.ReceivedMail;
import posthaste.ingest.accept.SignMessage;
import posthaste.ingest.accept.StoreBody;
import posthaste.ingest.accept.StoredMail;
import posthaste.ingest.content.InspectContent;
import posthaste.service.flow.Step;

/**
 * The front door. In comes a mail whose message is about to be sent; out goes the reply to its
 * final dot. No {@code 250} before body and record are durable, in this order (DESIGN 3, invariant
 * 1). A step that refuses throws a {@link posthaste.ingest.accept.Refusal}; {@link FrontDoor} makes
 * the reply of it.
 */
@Configuration(proxyBeanMethods = false)
public class IngestFlow {

    @Bean
    MessageChannel ingestEntrance() {
        return new DirectChannel();
    }

    @Bean
    IntegrationFlow ingest(
            MessageChannel ingestEntrance,
            ReceiveMessage receiveMessage,
            InspectContent inspectContent,
            SignMessage signMessage,
            StoreBody storeBody,
            PublishEnvelope publishEnvelope,
            Acknowledge acknowledge) {
        return IntegrationFlow.from(ingestEntrance)
                .handle(Step.of(IncomingMail.class, receiveMessage::receive))
                .handle(Step.of(ReceivedMail.class, inspectContent::inspect))
                .handle(Step.of(ReceivedMail.class, signMessage::sign))
                .handle(Step.of(ReceivedMail.class, storeBody::store))
                .handle(Step.of(StoredMail.class, publishEnvelope::publish))
                .handle(Step.of(QueuedMail.class, acknowledge::acknowledge))
                .get();
    }
}
