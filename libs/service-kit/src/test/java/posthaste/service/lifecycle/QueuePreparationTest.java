package posthaste.service.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import posthaste.queue.BatchTaker;
import posthaste.queue.BatchWriter;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.DeadLetters;
import posthaste.queue.FollowPlan;
import posthaste.queue.MailQueue;
import posthaste.queue.OutcomeUnknownException;
import posthaste.queue.Publisher;
import posthaste.queue.QueueConsumer;
import posthaste.queue.QueueMarks;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.RecordHandler;
import posthaste.queue.TailPlan;
import posthaste.queue.TopicPlan;
import posthaste.queue.control.Fact;
import posthaste.queue.control.SharedFacts;
import posthaste.queue.memory.MemoryMailQueue;
import posthaste.service.settings.StartRefusedException;

class QueuePreparationTest {
    private static final List<TopicPlan> TOPICS =
            List.of(new TopicPlan("mail.bounce", 2, Optional.empty(), false));

    @Test
    void aBrokerThatComesLateIsWaitedFor() throws Exception {
        LateQueue queue = new LateQueue(1);
        QueuePreparation preparation = preparation(queue, Duration.ofSeconds(30));

        preparation.start();

        assertThat(preparation.isRunning()).isTrue();
        assertThat(queue.asked).hasValue(2);
        assertThat(queue.scanner().ends("mail.bounce")).hasSize(2);
    }

    @Test
    void aBrokerThatDoesNotComeEndsTheStartInASentence() {
        QueuePreparation preparation =
                preparation(new LateQueue(Integer.MAX_VALUE), Duration.ofMillis(1));

        assertThatThrownBy(preparation::start)
                .isInstanceOf(StartRefusedException.class)
                .hasMessage(
                        "No broker answered at posthaste.kafka.bootstrap-servers (k1:9092,k2:9092)"
                                + " within posthaste.queue.broker-wait (0 s).");
        assertThat(preparation.isRunning()).isFalse();
    }

    private static QueuePreparation preparation(MailQueue queue, Duration wait) {
        return new QueuePreparation(queue, TOPICS, List.of("k1:9092", "k2:9092"), wait);
    }

    /** A queue whose broker answers only after so many questions. */
    private static final class LateQueue implements MailQueue {
        private final MailQueue queue = new MemoryMailQueue(InstantSource.system());
        private final AtomicInteger asked = new AtomicInteger();
        private final int away;

        LateQueue(int away) {
            this.away = away;
        }

        @Override
        public void prepare(List<TopicPlan> topics)
                throws QueueUnavailableException, InterruptedException {
            if (asked.incrementAndGet() <= away) {
                throw new QueueUnavailableException("nobody listens");
            }
            queue.prepare(topics);
        }

        @Override
        public Publisher publisher() {
            return queue.publisher();
        }

        @Override
        public QueueConsumer consumer(ConsumerPlan plan, RecordHandler handler) {
            return queue.consumer(plan, handler);
        }

        @Override
        public QueueConsumer tail(TailPlan plan, BatchWriter writer) {
            return queue.tail(plan, writer);
        }

        @Override
        public QueueConsumer follow(FollowPlan plan, BatchTaker taker) {
            return queue.follow(plan, taker);
        }

        @Override
        public QueueScanner scanner() {
            return queue.scanner();
        }

        @Override
        public QueueMarks marks() {
            return queue.marks();
        }

        @Override
        public DeadLetters deadLetters() {
            return queue.deadLetters();
        }

        @Override
        public SharedFacts facts(String topic) {
            return queue.facts(topic);
        }

        @Override
        public void write(String topic, List<Fact> facts, Duration deadline)
                throws QueueUnavailableException, OutcomeUnknownException, InterruptedException {
            queue.write(topic, facts, deadline);
        }

        @Override
        public void close() {
            queue.close();
        }
    }
}
