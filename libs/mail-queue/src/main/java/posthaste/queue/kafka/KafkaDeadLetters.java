package posthaste.queue.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.NewerRecordException;
import posthaste.mail.record.Notice;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.QuarantineOrder;
import posthaste.mail.record.Split;
import posthaste.mail.record.Topics;
import posthaste.mail.record.UnreadableRecordException;
import posthaste.queue.DeadLetter;
import posthaste.queue.DeadLetterBodies;
import posthaste.queue.DeadLetters;
import posthaste.queue.PartUnavailableException;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.ledger.LedgerCommit;
import posthaste.queue.ledger.OffsetLedger;

/**
 * Dead letters on Kafka. Who puts them back is the one member of a group, so that no two do it at
 * once; what it has put back is in the group's ledger, as with any other queue.
 */
final class KafkaDeadLetters implements DeadLetters {
    private static final String GROUP = Topics.DEAD_LETTER_GROUP;
    private static final Duration POLL = Duration.ofMillis(200);

    /** Until a member that was there before has gone: more than a session. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int READ_AT_ONCE = 50;

    private final Clients clients;
    private final RecordSender sender;
    private final DeadLetterBodies bodies;

    KafkaDeadLetters(Clients clients, RecordSender sender, DeadLetterBodies bodies) {
        this.clients = clients;
        this.sender = sender;
        this.bodies = bodies;
    }

    @Override
    public void list(java.util.function.Consumer<DeadLetter> visitor)
            throws QueueUnavailableException, InterruptedException {
        new KafkaScanner(clients)
                .scanRaw(
                        GROUP,
                        List.of(Topics.DEAD_LETTER),
                        record -> visitor.accept(letter(record)));
    }

    @Override
    public void putBack(Predicate<DeadLetter> which, BiConsumer<DeadLetter, DeadLetter.Fate> told)
            throws QueueUnavailableException, PartUnavailableException, InterruptedException {
        try (Consumer<byte[], byte[]> member =
                clients.member("dead-letters", GROUP, READ_AT_ONCE)) {
            new Round(member, which, told).run();
        } catch (InterruptException e) {
            boolean _ = Thread.interrupted();
            InterruptedException interrupted = new InterruptedException(e.getMessage());
            interrupted.initCause(e);
            throw interrupted;
        } catch (KafkaException e) {
            throw new QueueUnavailableException(
                    "the broker at %s cannot be read: %s"
                            .formatted(clients.bootstrapServers(), e.getMessage()),
                    e);
        }
    }

    private static DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
        Optional<MailRecord> content;
        try {
            content = Optional.of(Records.decode(record).content());
        } catch (UnreadableRecordException | NewerRecordException _) {
            content = Optional.empty();
        }
        return new DeadLetter(
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                DeadLetterHeaders.origin(record.headers())
                        .orElse(new DeadLetter.Origin("", 0, 0, Instant.EPOCH)),
                DeadLetterHeaders.group(record.headers()),
                DeadLetterHeaders.reason(record.headers()),
                content,
                DeadLetterHeaders.bodyNote(record.headers()));
    }

    private static String routingKey(MailRecord record) {
        return switch (record) {
            case Job job -> job.domain();
            case Split split -> split.mailId().value();
            case Notice notice -> notice.mailId().value();
            case QuarantineOrder order -> order.mailId().value();
            case Event _ -> "";
        };
    }

    /** One look at all letters that stand there when it begins. */
    private final class Round implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> member;
        private final Predicate<DeadLetter> which;
        private final BiConsumer<DeadLetter, DeadLetter.Fate> told;
        private final Set<TopicPartition> assigned = new HashSet<>();
        private final Map<TopicPartition, OffsetLedger> ledgers = new HashMap<>();
        private final Set<DeadLetter.Origin> putBack = new HashSet<>();
        private boolean lost;

        Round(
                Consumer<byte[], byte[]> member,
                Predicate<DeadLetter> which,
                BiConsumer<DeadLetter, DeadLetter.Fate> told) {
            this.member = member;
            this.which = which;
            this.told = told;
        }

        void run()
                throws QueueUnavailableException, PartUnavailableException, InterruptedException {
            member.subscribe(List.of(Topics.DEAD_LETTER), this);
            Set<TopicPartition> all = joined();
            Map<TopicPartition, Long> ends = new HashMap<>(member.endOffsets(all));
            begin(all);
            long progress = System.nanoTime();
            while (all.stream().anyMatch(p -> member.position(p) < ends.getOrDefault(p, 0L))) {
                var records = member.poll(POLL);
                requireMembership();
                if (records.isEmpty()) {
                    if (System.nanoTime() - progress > PATIENCE.toNanos()) {
                        throw new QueueUnavailableException(
                                "the broker sends no more dead letters");
                    }
                    continue;
                }
                try {
                    for (ConsumerRecord<byte[], byte[]> record : records) {
                        if (record.offset() < ends.getOrDefault(place(record), 0L)) {
                            consider(record);
                        }
                    }
                } finally {
                    commit();
                }
                // From here: the copying of bodies is not the broker's silence.
                progress = System.nanoTime();
            }
        }

        private Set<TopicPartition> joined() throws QueueUnavailableException {
            int partitions = member.partitionsFor(Topics.DEAD_LETTER).size();
            long until = System.nanoTime() + PATIENCE.toNanos();
            // By the callback, which comes after the assignment and pauses it.
            while (assigned.size() < partitions) {
                if (System.nanoTime() - until > 0) {
                    throw new QueueUnavailableException(
                            "somebody else puts dead letters back: only %d of %d partitions are free after %d s"
                                    .formatted(assigned.size(), partitions, PATIENCE.toSeconds()));
                }
                // Paused as they are assigned: nothing is read before it is known where to begin.
                member.poll(POLL);
            }
            return Set.copyOf(assigned);
        }

        private void begin(Set<TopicPartition> all) {
            Map<TopicPartition, Long> begins = member.beginningOffsets(all);
            Map<TopicPartition, OffsetAndMetadata> committed = member.committed(all);
            for (TopicPartition partition : all) {
                long first = begins.getOrDefault(partition, 0L);
                OffsetAndMetadata known = committed.get(partition);
                OffsetLedger ledger =
                        known == null
                                ? OffsetLedger.startingAt(first)
                                : OffsetLedger.restore(
                                        new LedgerCommit(known.offset(), known.metadata()));
                ledgers.put(partition, ledger);
                member.seek(partition, Math.max(first, ledger.mark()));
            }
            member.resume(all);
        }

        private void consider(ConsumerRecord<byte[], byte[]> record)
                throws QueueUnavailableException, PartUnavailableException, InterruptedException {
            OffsetLedger ledger = ledgers.computeIfAbsent(place(record), _ -> missing());
            if (!ledger.hasRoomFor(record.offset())) {
                throw new QueueUnavailableException(
                        "%s has too many letters that stay between those that were put back: nothing behind %d can be told apart in the group's offsets"
                                .formatted(place(record), record.offset()));
            }
            if (!ledger.take(record.offset())) {
                return;
            }
            DeadLetter letter = letter(record);
            if (which.test(letter)) {
                DeadLetter.Fate fate = putBack(letter, record);
                if (fate instanceof DeadLetter.Fate.PutBack) {
                    putBack.add(letter.origin());
                    ledger.settle(record.offset());
                }
                told.accept(letter, fate);
            }
        }

        private DeadLetter.Fate putBack(DeadLetter letter, ConsumerRecord<byte[], byte[]> record)
                throws QueueUnavailableException, PartUnavailableException, InterruptedException {
            String topic = letter.origin().topic();
            if (topic.isEmpty()) {
                return new DeadLetter.Fate.Left("it does not say where it comes from");
            }
            if (putBack.contains(letter.origin())) {
                return new DeadLetter.Fate.PutBack();
            }
            if (member.listTopics().get(topic) == null) {
                return new DeadLetter.Fate.Left("the topic " + topic + " does not exist any more");
            }
            if (letter.content().isEmpty()) {
                write(EncodedRecord.putBack(topic, "", record));
                return new DeadLetter.Fate.PutBack();
            }
            Optional<MailRecord> released = bodies.release(letter.content().get());
            if (released.isEmpty()) {
                return new DeadLetter.Fate.Left("its body is missing or damaged");
            }
            MailRecord content = released.get();
            OutgoingRecord back = new OutgoingRecord(topic, routingKey(content), content);
            write(EncodedRecord.of(List.of(back)).getFirst());
            return new DeadLetter.Fate.PutBack();
        }

        private void write(EncodedRecord record)
                throws QueueUnavailableException, InterruptedException {
            CountDownLatch done = new CountDownLatch(1);
            RecordSender.Sending[] result = new RecordSender.Sending[1];
            sender.send(
                    List.of(record),
                    sending -> {
                        result[0] = sending;
                        done.countDown();
                    });
            done.await();
            Exception error = result[0].error();
            if (error != null) {
                throw new QueueUnavailableException(
                        "a dead letter could not be put back: " + error.getMessage(), error);
            }
        }

        private void commit() throws QueueUnavailableException {
            requireMembership();
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            ledgers.forEach((partition, ledger) -> {
                if (ledger.hasChanged()) {
                    LedgerCommit commit = ledger.commit();
                    offsets.put(
                            partition, new OffsetAndMetadata(commit.offset(), commit.metadata()));
                }
            });
            if (!offsets.isEmpty()) {
                member.commitSync(offsets);
            }
        }

        private void requireMembership() throws QueueUnavailableException {
            if (lost) {
                throw new QueueUnavailableException("somebody else began to put dead letters back");
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            member.pause(partitions);
            assigned.addAll(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            assigned.removeAll(partitions);
            lost |= !ledgers.isEmpty();
        }

        private OffsetLedger missing() {
            throw new IllegalStateException("a record of a partition that was not assigned");
        }

        private static TopicPartition place(ConsumerRecord<byte[], byte[]> record) {
            return new TopicPartition(record.topic(), record.partition());
        }
    }
}
