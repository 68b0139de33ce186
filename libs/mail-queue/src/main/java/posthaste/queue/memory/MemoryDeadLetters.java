package posthaste.queue.memory;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.NewerRecordException;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Topics;
import posthaste.mail.record.UnreadableRecordException;
import posthaste.queue.DeadLetter;
import posthaste.queue.DeadLetterBodies;
import posthaste.queue.DeadLetters;
import posthaste.queue.PartUnavailableException;

/** Dead letters of the {@link MemoryLog}. */
final class MemoryDeadLetters implements DeadLetters {
    private static final String GROUP = Topics.DEAD_LETTER_GROUP;

    private final MemoryLog log;
    private final DeadLetterBodies bodies;

    MemoryDeadLetters(MemoryLog log, DeadLetterBodies bodies) {
        this.log = log;
        this.bodies = bodies;
    }

    private record Standing(
            MemoryLog.Partition partition,
            long offset,
            MemoryLog.Stored stored,
            DeadLetter letter) {}

    @Override
    public void list(Consumer<DeadLetter> visitor) {
        standing().forEach(each -> visitor.accept(each.letter()));
    }

    @Override
    public void putBack(Predicate<DeadLetter> which, BiConsumer<DeadLetter, DeadLetter.Fate> told)
            throws PartUnavailableException, InterruptedException {
        Set<DeadLetter.Origin> done = new HashSet<>();
        for (Standing each : standing()) {
            DeadLetter letter = each.letter();
            if (which.test(letter)) {
                DeadLetter.Fate fate =
                        done.contains(letter.origin())
                                ? new DeadLetter.Fate.PutBack()
                                : putBack(each);
                if (fate instanceof DeadLetter.Fate.PutBack) {
                    done.add(letter.origin());
                    settle(each);
                }
                told.accept(letter, fate);
            }
        }
    }

    private DeadLetter.Fate putBack(Standing each)
            throws PartUnavailableException, InterruptedException {
        DeadLetter letter = each.letter();
        if (letter.origin().topic().isEmpty()) {
            return new DeadLetter.Fate.Left("it does not say where it comes from");
        }
        if (letter.content().isEmpty()) {
            log.appendRaw(letter.origin().topic(), each.stored().value());
            return new DeadLetter.Fate.PutBack();
        }
        Optional<MailRecord> released = bodies.release(letter.content().get());
        if (released.isEmpty()) {
            return new DeadLetter.Fate.Left("its body is missing or damaged");
        }
        MailRecord content = released.get();
        String key = content instanceof Job job ? job.domain() : content.mailId().value();
        log.append(List.of(new OutgoingRecord(letter.origin().topic(), key, content)));
        return new DeadLetter.Fate.PutBack();
    }

    private List<Standing> standing() {
        List<Standing> standing = new ArrayList<>();
        synchronized (log) {
            for (MemoryLog.Partition partition : log.partitions(Topics.DEAD_LETTER)) {
                GroupPosition position = log.position(GROUP, partition);
                for (long offset : position.unsettled(partition.records.size())) {
                    MemoryLog.Stored stored = partition.records.get((int) offset);
                    standing.add(
                            new Standing(
                                    partition, offset, stored, letter(partition, offset, stored)));
                }
            }
        }
        return standing;
    }

    private void settle(Standing each) {
        synchronized (log) {
            GroupPosition position = log.position(GROUP, each.partition());
            for (long before : position.unsettled(each.offset() + 1)) {
                position.take(before);
                position.giveBack(before);
            }
            position.take(each.offset());
            position.settle(each.offset());
        }
    }

    private static DeadLetter letter(
            MemoryLog.Partition partition, long offset, MemoryLog.Stored stored) {
        Optional<MailRecord> content;
        try {
            content = Optional.of(stored.decode());
        } catch (UnreadableRecordException | NewerRecordException _) {
            content = Optional.empty();
        }
        MemoryLog.Burial burial = stored.burial();
        return burial == null
                ? new DeadLetter(
                        partition.number,
                        offset,
                        stored.timestamp(),
                        new DeadLetter.Origin("", 0, 0, Instant.EPOCH),
                        "",
                        "",
                        content,
                        "")
                : new DeadLetter(
                        partition.number,
                        offset,
                        stored.timestamp(),
                        burial.origin(),
                        burial.group(),
                        burial.reason(),
                        content,
                        burial.body().note());
    }
}
