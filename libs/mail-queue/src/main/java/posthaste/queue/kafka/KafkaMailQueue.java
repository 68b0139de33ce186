package posthaste.queue.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import posthaste.queue.BatchTaker;
import posthaste.queue.BatchWriter;
import posthaste.queue.ConsumerPlan;
import posthaste.queue.DeadLetterBodies;
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
import posthaste.queue.pace.Company;
import posthaste.queue.publish.PartitionChooser;

/** The queue on Kafka. */
public final class KafkaMailQueue implements MailQueue {
    /** Records that would meet in a batch, from which on gathering saves most of the writes. */
    private static final int COMPANY = 4;

    private final KafkaQueueSettings settings;
    private final Clients clients;
    private final InstantSource clock;
    private final Consumer<Throwable> onFatal;
    private final DeadLetterBodies bodies;
    private final RecordSender sender;
    private final RecordSender gathering;
    private final TrialTurn trialTurn = new TrialTurn();
    private final KafkaPublisher publisher;
    private final List<QueueConsumer> consumers = new CopyOnWriteArrayList<>();
    private final List<SharedFacts> facts = new CopyOnWriteArrayList<>();

    /**
     * Connects as needed: a broker that is away at first is waited for.
     *
     * @param clock tells when a waiting record is due
     * @param onFatal told when a loop died of an exception that nobody expected; the process is to
     *     end, so that another takes its partitions
     * @param bodies keeps those of dead letters
     */
    public KafkaMailQueue(
            KafkaQueueSettings settings,
            InstantSource clock,
            Consumer<Throwable> onFatal,
            DeadLetterBodies bodies) {
        this.settings = settings;
        this.clients = new Clients(settings);
        this.clock = clock;
        this.onFatal = onFatal;
        this.bodies = bodies;
        PartitionChooser chooser =
                new PartitionChooser(settings.recordsPerBucket(), System::nanoTime);
        this.sender = new RecordSender(clients.promptProducer(), chooser);
        this.gathering = new RecordSender(clients.gatheringProducer(), chooser);
        this.publisher =
                new KafkaPublisher(
                        sender,
                        gathering,
                        new Company(Clients.GATHER, COMPANY, System::nanoTime),
                        settings.bootstrapServers());
    }

    /** The same for records that name no bodies. */
    public KafkaMailQueue(
            KafkaQueueSettings settings, InstantSource clock, Consumer<Throwable> onFatal) {
        this(settings, clock, onFatal, DeadLetterBodies.none());
    }

    @Override
    public void prepare(List<TopicPlan> topics)
            throws QueueUnavailableException, InterruptedException {
        new TopicPreparation(clients, settings).prepare(topics);
        for (TopicPlan topic : topics) {
            sender.expect(topic.name());
            gathering.expect(topic.name());
        }
    }

    @Override
    public Publisher publisher() {
        return publisher;
    }

    @Override
    public QueueConsumer consumer(ConsumerPlan plan, RecordHandler handler) {
        LoopStatistics statistics = new LoopStatistics();
        return remember(
                new LoopThread(
                        plan.name(),
                        () ->
                                new SettlingLoop(
                                                clients,
                                                plan,
                                                handler,
                                                gathering,
                                                bodies,
                                                trialTurn,
                                                clock,
                                                statistics)
                                        .join(),
                        statistics,
                        onFatal));
    }

    @Override
    public QueueConsumer tail(TailPlan plan, BatchWriter writer) {
        LoopStatistics statistics = new LoopStatistics();
        return remember(
                new LoopThread(
                        plan.name(),
                        () -> TailLoop.of(clients, plan, writer, sender, statistics).join(),
                        statistics,
                        onFatal));
    }

    @Override
    public QueueConsumer follow(FollowPlan plan, BatchTaker taker) {
        LoopStatistics statistics = new LoopStatistics();
        return remember(
                new LoopThread(
                        plan.name(),
                        () -> TailLoop.following(clients, plan, taker, sender, statistics).join(),
                        statistics,
                        onFatal));
    }

    @Override
    public QueueScanner scanner() {
        return new KafkaScanner(clients);
    }

    @Override
    public QueueMarks marks() {
        return new KafkaMarks(clients, clock);
    }

    @Override
    public DeadLetters deadLetters() {
        return new KafkaDeadLetters(clients, sender, bodies);
    }

    @Override
    public void write(String topic, List<Fact> facts, Duration deadline)
            throws QueueUnavailableException, OutcomeUnknownException, InterruptedException {
        publisher.writeFacts(
                facts.stream().map(fact -> EncodedRecord.of(topic, fact)).toList(), deadline);
    }

    @Override
    public SharedFacts facts(String topic) {
        SharedFacts shared = new KafkaFacts(clients, topic, sender, clock, onFatal);
        facts.add(shared);
        return shared;
    }

    /** Closes the facts and consumers that are still open, then the producers. */
    @Override
    public void close() {
        try (sender;
                gathering) {
            facts.forEach(SharedFacts::close);
            consumers.forEach(QueueConsumer::close);
        }
    }

    private QueueConsumer remember(QueueConsumer consumer) {
        consumers.add(consumer);
        return consumer;
    }
}
