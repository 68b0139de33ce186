package posthaste.queue.memory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import posthaste.mail.record.OutgoingRecord;
import posthaste.queue.BatchTaker;
import posthaste.queue.BatchWriter;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.DeadLetterBodies;
import posthaste.queue.DeadLetters;
import posthaste.queue.FollowPlan;
import posthaste.queue.MailQueue;
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

/**
 * A queue in memory: the whole contract but durability. Records are encoded and decoded as on the
 * real one. A topic that nobody prepared has three partitions.
 */
public final class MemoryMailQueue implements MailQueue {
    private final MemoryLog log;
    private final ConcurrentMap<String, MemoryFactTopic> facts = new ConcurrentHashMap<>();
    private final List<QueueConsumer> consumers = new CopyOnWriteArrayList<>();
    private final DeadLetterBodies bodies;
    private volatile boolean available = true;

    /**
     * @param clock stamps records and tells when one is due
     */
    public MemoryMailQueue(InstantSource clock) {
        this(clock, DeadLetterBodies.none());
    }

    /** The same, with somebody who keeps dead letters' bodies. */
    public MemoryMailQueue(InstantSource clock, DeadLetterBodies bodies) {
        this.log = new MemoryLog(clock);
        this.bodies = bodies;
    }

    /** With false every publish is refused, as by a broker that is away. */
    public void setAvailable(boolean available) {
        this.available = available;
    }

    /** Puts bytes on a topic that need not be a record of ours. */
    public void appendRaw(String topic, byte[] value) {
        log.appendRaw(topic, value);
    }

    /** Every value that stands on a topic, settled or not, by partition and offset. */
    public List<byte[]> values(String topic) {
        synchronized (log) {
            return log.partitions(topic).stream()
                    .flatMap(partition -> partition.records.stream().skip(partition.start))
                    .map(stored -> stored.value().clone())
                    .toList();
        }
    }

    @Override
    public void prepare(List<TopicPlan> topics) {
        topics.forEach(topic -> log.create(topic.name(), topic.partitions()));
    }

    @Override
    public Publisher publisher() {
        return this::publish;
    }

    private void publish(List<OutgoingRecord> records, Duration deadline)
            throws QueueUnavailableException {
        if (!available) {
            throw new QueueUnavailableException("the queue in memory was told to be away");
        }
        log.append(records);
    }

    @Override
    public QueueConsumer consumer(ConsumerPlan plan, RecordHandler handler) {
        return remember(new MemoryConsumer(log, plan, handler, bodies));
    }

    @Override
    public QueueConsumer tail(TailPlan plan, BatchWriter writer) {
        return remember(new MemoryTail(log, plan, writer));
    }

    @Override
    public QueueConsumer follow(FollowPlan plan, BatchTaker taker) {
        TailPlan tail =
                new TailPlan(
                        plan.name(),
                        plan.group(),
                        plan.topics(),
                        plan.batchRecords(),
                        plan.linger());
        return tail(tail, new MemoryFollower(log, plan.group(), plan.since(), taker));
    }

    @Override
    public QueueScanner scanner() {
        return new MemoryScanner(log);
    }

    @Override
    public QueueMarks marks() {
        return new MemoryMarks(log);
    }

    @Override
    public DeadLetters deadLetters() {
        return new MemoryDeadLetters(log, bodies);
    }

    @Override
    public void write(String topic, List<Fact> facts, Duration deadline) {
        SharedFacts told = facts(topic);
        facts.forEach(told::tell);
    }

    @Override
    public SharedFacts facts(String topic) {
        return new MemoryFacts(
                facts.computeIfAbsent(topic, _ -> new MemoryFactTopic()), log.clock());
    }

    @Override
    public void close() {
        consumers.forEach(QueueConsumer::close);
    }

    private QueueConsumer remember(QueueConsumer consumer) {
        consumers.add(consumer);
        return consumer;
    }
}
