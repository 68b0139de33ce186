package posthaste.service.suppression;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import posthaste.mail.record.Topics;
import posthaste.queue.MailQueue;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.control.SharedFacts;
import posthaste.service.lifecycle.Phases;

/**
 * The topic that is the list: read whole before mail is taken, and written to. An entry that is
 * added here is in force in every process as soon as it has read it.
 */
public final class SuppressionTopic implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(SuppressionTopic.class);

    /**
     * A start goes on without the rest: mail that waits for the list is worse than one mail too
     * many for a dead mailbox.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** For what an operator waits for. */
    private static final Duration WRITING = Duration.ofSeconds(20);

    private final MailQueue queue;
    private final SharedFacts facts;
    private volatile boolean running;

    private SuppressionTopic(MailQueue queue) {
        this.queue = queue;
        this.facts = queue.facts(Topics.SUPPRESSION);
    }

    /** Tells {@code list} what is read, and goes on telling. */
    public SuppressionTopic(MailQueue queue, SuppressionList list) {
        this(queue);
        facts.listen(SuppressionCodec.KIND, list);
    }

    /** For one who orders and goes: nothing is read. */
    public static SuppressionTopic forWriting(MailQueue queue) {
        return new SuppressionTopic(queue);
    }

    /** Returns once all of it is durable. */
    public void write(List<SuppressionCodec.Said> said)
            throws QueueUnavailableException, OutcomeUnknownException, InterruptedException {
        queue.write(
                Topics.SUPPRESSION, said.stream().map(SuppressionCodec::fact).toList(), WRITING);
    }

    /** Writes soon, without waiting: what a crash loses, the next bounce says again. */
    public void tell(SuppressionCodec.Said said) {
        facts.tell(SuppressionCodec.fact(said));
    }

    @Override
    public void start() {
        facts.start();
        running = true;
        try {
            if (!facts.awaitWhole(PATIENCE)) {
                LOG.warn(
                        "the suppression list could not be read whole within {}; reading goes on",
                        PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        if (running) {
            running = false;
            facts.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.FACTS;
    }
}
