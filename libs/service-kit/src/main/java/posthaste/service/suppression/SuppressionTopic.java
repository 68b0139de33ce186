package posthaste.service.suppression;

import java.time.Duration;
import java.util.List;
import posthaste.mail.record.Topics;
import posthaste.queue.MailQueue;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.control.FactListener;
import posthaste.queue.control.SharedFacts;
import posthaste.service.lifecycle.FactsLifecycle;

/**
 * The topic that is the list: read whole before mail is taken, and written to. An entry that is
 * added here is in force in every process as soon as it has read it.
 */
public final class SuppressionTopic {
    /**
     * A start goes on without the rest: mail that waits for the list is worse than one mail too
     * many for a dead mailbox.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** For what an operator waits for. */
    private static final Duration WRITING = Duration.ofSeconds(20);

    private final MailQueue queue;
    private final SharedFacts facts;

    private SuppressionTopic(MailQueue queue) {
        this.queue = queue;
        this.facts = queue.facts(Topics.SUPPRESSION);
    }

    /** Tells {@code list} what is read, and goes on telling. */
    public SuppressionTopic(MailQueue queue, SuppressionList list) {
        this(queue);
        listen(list);
    }

    /**
     * Has one more told what is read.
     *
     * @throws IllegalStateException when reading has begun
     */
    public void listen(FactListener listener) {
        facts.listen(SuppressionCodec.KIND, listener);
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

    /** Reads it while the process runs. */
    public FactsLifecycle reading() {
        return new FactsLifecycle(facts, "the suppression list", PATIENCE);
    }
}
