package posthaste.bounce.quarantine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.QuarantineOrder;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.Publisher;
import posthaste.queue.QueueUnavailableException;

/**
 * Orders that are published while their mails are still being looked for, some thousand at a time,
 * so that memory does not grow with their number. The first failure ends it: who orders again meets
 * those that are left.
 */
final class OrdersUnderWay {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Orders published together, and jobs held in memory for them. */
    private static final int AT_ONCE = 2000;

    private final Publisher publisher;
    private final List<OutgoingRecord> round = new ArrayList<>();
    private long published;
    private @Nullable Exception failure;

    OrdersUnderWay(Publisher publisher) {
        this.publisher = publisher;
    }

    void add(QuarantineOrder order) {
        if (failure == null) {
            round.add(order.outgoing());
            if (round.size() == AT_ONCE) {
                publish();
            }
        }
    }

    /** How many there were, all of them durable. */
    long end() throws QueueUnavailableException, OutcomeUnknownException, InterruptedException {
        if (failure == null && !round.isEmpty()) {
            publish();
        }
        return switch (failure) {
            case null -> published;
            case QueueUnavailableException away -> {
                brokenOff(away);
                throw away;
            }
            case OutcomeUnknownException unknown -> throw unknown;
            case InterruptedException interrupted -> throw interrupted;
            default -> throw new IllegalStateException(failure);
        };
    }

    /**
     * Says so when some were ordered before the broker went.
     *
     * @throws OutcomeUnknownException then: something was written
     */
    void brokenOff(QueueUnavailableException away) throws OutcomeUnknownException {
        if (published > 0) {
            throw new OutcomeUnknownException(
                    "the broker went after " + published + " orders were given", away);
        }
    }

    private void publish() {
        try {
            publisher.publish(round, PATIENCE);
            published += round.size();
            round.clear();
        } catch (QueueUnavailableException | OutcomeUnknownException | InterruptedException e) {
            failure = e;
        }
    }
}
