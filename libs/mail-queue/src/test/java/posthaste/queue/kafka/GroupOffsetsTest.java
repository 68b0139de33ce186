package posthaste.queue.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.junit.jupiter.api.Test;

class GroupOffsetsTest {
    private static final TopicPartition EVENTS = new TopicPartition("mail.events", 0);

    private final GroupOffsets offsets = new GroupOffsets(Optional.of(Instant.EPOCH));

    /** The broker's client, in memory; its first commit meets a rebalance. */
    private static final class Rebalancing extends MockConsumer<byte[], byte[]> {
        private boolean rebalances = true;

        Rebalancing() {
            super("earliest");
            assign(List.of(EVENTS));
            updateBeginningOffsets(Map.of(EVENTS, 0L));
            updateEndOffsets(Map.of(EVENTS, 7L));
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
                Map<TopicPartition, Long> times, Duration timeout) {
            return Map.of(EVENTS, new OffsetAndTimestamp(3, 0));
        }

        @Override
        public synchronized void commitSync(
                Map<TopicPartition, OffsetAndMetadata> committed, Duration timeout) {
            if (rebalances) {
                rebalances = false;
                throw new CommitFailedException("rebalanced");
            }
            super.commitSync(committed, timeout);
        }
    }

    /** As at the first start of a webhook, which ended the whole process. */
    @Test
    void aFirstCommitThatMeetsARebalanceIsMadeAgain() {
        try (Rebalancing consumer = new Rebalancing()) {
            KafkaException failure =
                    catchThrowableOfType(
                            KafkaException.class, () -> offsets.of(consumer, Set.of(EVENTS)));
            assertThat(Passing.orThrow(failure)).isSameAs(failure);

            assertThat(offsets.of(consumer, Set.of(EVENTS))).containsEntry(EVENTS, 3L);
            assertThat(consumer.committed(Set.of(EVENTS)))
                    .containsEntry(EVENTS, new OffsetAndMetadata(3));
        }
    }

    @Test
    void whatPassesByItselfIsTriedAgainAndNothingElse() {
        for (KafkaException passing :
                List.of(new UnknownMemberIdException("out"), new DisconnectException())) {
            assertThat(Passing.orThrow(passing)).isSameAs(passing);
        }
        for (KafkaException lasting :
                List.of(
                        new GroupAuthorizationException("posthaste-webhook-crm"),
                        new SaslAuthenticationException("no"),
                        new KafkaException("a defect"))) {
            assertThatThrownBy(() -> Passing.orThrow(lasting)).isSameAs(lasting);
        }
    }
}
