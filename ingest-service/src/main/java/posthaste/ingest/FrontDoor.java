package posthaste.ingest;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.MessageChannel;
import posthaste.ingest.accept.AcceptanceMetrics;
import posthaste.ingest.accept.Acceptor;
import posthaste.ingest.accept.IncomingMail;
import posthaste.ingest.accept.Refusal;
import posthaste.mail.status.Reply;
import posthaste.service.flow.FlowGateway;

/** Sends mails through {@link IngestFlow}; the one place where an exception becomes a reply. */
final class FrontDoor implements Acceptor {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

    private final FlowGateway<IncomingMail, Reply> flow;
    private final AcceptanceMetrics metrics;

    FrontDoor(MessageChannel entrance, AcceptanceMetrics metrics) {
        this.flow = new FlowGateway<>(entrance, Reply.class);
        this.metrics = metrics;
    }

    @Override
    public Reply accept(IncomingMail mail) throws IOException {
        try {
            return flow.exchange(mail);
        } catch (Refusal e) {
            metrics.refused(e.reply());
            return e.reply();
        } catch (IOException e) {
            metrics.aborted();
            throw e;
        } catch (Exception e) {
            LOG.error("mail {} refused by an error of ours", mail.envelope().id(), e);
            metrics.failed();
            return Refusal.notAccepted().reply();
        }
    }
}
