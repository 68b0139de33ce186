package posthaste.queue.kafka;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/** Tells what passes by itself from what nobody but an operator can mend. */
final class Passing {
    private Passing() {}

    /**
     * Goes on with what passes: a broker that is away, or a group that has put this member out, as
     * after a long pause of the whole process or amid a rebalance. It joins again by itself.
     *
     * @return the same
     * @throws KafkaException when it does not pass: no rights, wrong settings, a defect
     */
    static KafkaException orThrow(KafkaException failure) {
        boolean passes =
                failure instanceof RetriableException
                        || failure instanceof CommitFailedException
                        || failure instanceof UnknownMemberIdException
                        || failure instanceof FencedMemberEpochException
                        || failure instanceof StaleMemberEpochException;
        if (!passes) {
            throw failure;
        }
        return failure;
    }
}
