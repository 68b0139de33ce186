package posthaste.standalone.check;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import posthaste.body.BodyStore;
import posthaste.body.CorruptBodyException;
import posthaste.body.CorruptBodyIOException;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.body.StoredBody;
import posthaste.body.inventory.BodyInventory;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.SegmentItem;
import posthaste.bounce.audit.QueueTopics;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Notice;
import posthaste.mail.record.QuarantineOrder;
import posthaste.mail.record.Split;
import posthaste.queue.QueueScanner;
import posthaste.queue.QueueUnavailableException;
import posthaste.queue.QueuedRecord;
import posthaste.standalone.spill.Buckets;

/**
 * Compares queues and bodies. The queues are looked through first, then the store is listed: a body
 * that came later is younger than any grace. Who names a body that is missing or damaged is a
 * suspect, and the queues are looked through once more: a record that was settled meanwhile is
 * none.
 */
public final class StoreCheck {
    /** Garbage that is younger may be what the next record names. */
    public static final Duration GRACE = Duration.ofHours(1);

    /** An object that was written to since is being written: its end may be torn. */
    private static final Duration SETTLES = Duration.ofMinutes(1);

    /** With more bodies of one object in question, the whole is read at once. */
    private static final int ONE_BY_ONE = 4;

    private static final int SUSPECTS = 100_000;
    private static final int NAMED = 100;

    private final QueueScanner scanner;
    private final QueueTopics topics;
    private final BodyInventory inventory;
    private final BodyStore store;
    private final Instant now;

    /** What is to be done. */
    public record Scope(boolean readAll, boolean removeOrphans) {}

    public StoreCheck(
            QueueScanner scanner,
            QueueTopics topics,
            BodyInventory inventory,
            BodyStore store,
            Instant now) {
        this.scanner = scanner;
        this.topics = topics;
        this.inventory = inventory;
        this.store = store;
        this.now = now;
    }

    /** Looks through everything once. */
    public StoreReport run(Scope scope)
            throws IOException,
                    QueueUnavailableException,
                    StoreUnavailableException,
                    InterruptedException {
        try (Buckets clues = new Buckets()) {
            Pass pass = new Pass(scope);
            eachNamed((_, body) -> {
                pass.records++;
                clues.add(body.key(), encode(body));
            });
            inventory.visit(object ->
                    clues.add(object.key().toString(), encode(object.size(), object.modified())));
            for (int bucket = 0; bucket < clues.count(); bucket++) {
                Map<String, ObjectClues> objects = new LinkedHashMap<>();
                clues.read(
                        bucket,
                        (key, clue) ->
                                objects.computeIfAbsent(key, _ -> new ObjectClues())
                                        .add(key, clue));
                for (Map.Entry<String, ObjectClues> object : objects.entrySet()) {
                    pass.check(object.getKey(), object.getValue());
                }
            }
            pass.confirm();
            return pass.report();
        }
    }

    private void eachNamed(NamedBody visitor)
            throws QueueUnavailableException, InterruptedException {
        for (QueueTopics.Queue queue : topics.queuesWithReports()) {
            scanner.scan(
                    queue.group(),
                    queue.topics(),
                    record ->
                            bodyOf(record.content())
                                    .ifPresent(body -> visitor.visit(record, body)));
        }
    }

    @FunctionalInterface
    private interface NamedBody {
        void visit(QueuedRecord record, BodyRef body);
    }

    private static Optional<BodyRef> bodyOf(MailRecord record) {
        return switch (record) {
            case Job job -> Optional.of(job.body());
            case Split split -> Optional.of(split.body());
            case Notice notice -> Optional.of(notice.body());
            case QuarantineOrder order -> Optional.of(order.job().body());
            case Event _ -> Optional.empty();
        };
    }

    /** What is known of one object before it is opened. */
    private static final class ObjectClues {
        private final Set<BodyRef> named = new HashSet<>();
        private @Nullable Instant modified;
        private long size;

        void add(String key, byte[] clue) {
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(clue))) {
                if (in.readBoolean()) {
                    named.add(new BodyRef(key, in.readLong(), in.readLong(), in.readInt()));
                } else {
                    size = in.readLong();
                    modified = Instant.ofEpochMilli(in.readLong());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static byte[] encode(BodyRef body) {
        return bytes(out -> {
            out.writeBoolean(true);
            out.writeLong(body.offset());
            out.writeLong(body.length());
            out.writeInt(body.crc32c());
        });
    }

    private static byte[] encode(long size, Instant modified) {
        return bytes(out -> {
            out.writeBoolean(false);
            out.writeLong(size);
            out.writeLong(modified.toEpochMilli());
        });
    }

    @FunctionalInterface
    private interface Encoder {
        void to(DataOutputStream out) throws IOException;
    }

    private static byte[] bytes(Encoder encoder) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            encoder.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** One check's working state. */
    private final class Pass {
        private final Scope scope;
        private final Map<BodyRef, String> suspects = new HashMap<>();
        private final List<StoreReport.Lost> lost = new ArrayList<>();
        private final List<String> damagedObjects = new ArrayList<>();
        private long records;
        private long bodies;
        private long missing;
        private long damaged;
        private long objects;
        private long bytes;
        private long orphans;
        private long orphanBytes;
        private long removed;
        private long entries;
        private long damagedEntries;
        private long damagedBytes;

        Pass(Scope scope) {
            this.scope = scope;
        }

        void check(String key, ObjectClues clues)
                throws StoreUnavailableException, InterruptedException {
            bodies += clues.named.size();
            Instant modified = clues.modified;
            if (modified != null) {
                objects++;
                bytes += clues.size;
                if (clues.named.isEmpty() && modified.isBefore(now.minus(GRACE))) {
                    orphan(key, clues.size);
                }
            }
            boolean whole =
                    modified != null && scope.readAll() && modified.isBefore(now.minus(SETTLES));
            if (whole || clues.named.size() > ONE_BY_ONE) {
                readWhole(key, clues.named, whole);
            } else {
                for (BodyRef body : clues.named) {
                    open(body);
                }
            }
        }

        private void orphan(String key, long size)
                throws StoreUnavailableException, InterruptedException {
            orphans++;
            orphanBytes += size;
            // Those of other generations stay until a person has looked.
            if (scope.removeOrphans()
                    && (key.startsWith("primary/") || key.startsWith("deferred/"))) {
                inventory.delete(List.of(BodyKey.parse(key)));
                removed++;
            }
        }

        private void readWhole(String key, Set<BodyRef> named, boolean countDamage)
                throws StoreUnavailableException, InterruptedException {
            Set<BodyRef> unseen = new HashSet<>(named);
            long before = damagedEntries + damagedBytes;
            try {
                inventory.read(
                        BodyKey.parse(key),
                        item -> {
                            switch (item) {
                                case SegmentItem.Entry entry -> {
                                    BodyRef body =
                                            new BodyRef(
                                                    key,
                                                    entry.offset(),
                                                    entry.length(),
                                                    entry.crc32c());
                                    if (entry.intact()) {
                                        unseen.remove(body);
                                    }
                                    if (countDamage) {
                                        entries++;
                                        damagedEntries += entry.intact() ? 0 : 1;
                                    }
                                }
                                case SegmentItem.Damage(long start, long end) -> {
                                    if (countDamage) {
                                        damagedBytes += end - start;
                                    }
                                }
                            }
                        });
            } catch (MissingBodyException _) {
                // Gone since it was listed, or never there: each body is asked for below.
            }
            if (damagedEntries + damagedBytes > before && damagedObjects.size() < NAMED) {
                damagedObjects.add(key);
            }
            for (BodyRef body : unseen) {
                open(body);
            }
        }

        private void open(BodyRef body) throws StoreUnavailableException, InterruptedException {
            try (StoredBody stored = store.open(body)) {
                stored.writeTo(OutputStream.nullOutputStream());
            } catch (MissingBodyException _) {
                suspect(body, "missing");
            } catch (CorruptBodyException | CorruptBodyIOException _) {
                suspect(body, "damaged");
            } catch (IOException e) {
                throw new StoreUnavailableException("a body could not be read to its end", e);
            }
        }

        private void suspect(BodyRef body, String problem) throws StoreUnavailableException {
            suspects.put(body, problem);
            if (suspects.size() > SUSPECTS) {
                throw new StoreUnavailableException(
                        "more than "
                                + SUSPECTS
                                + " bodies are missing or damaged, the last of them "
                                + body
                                + "; is a disk or bucket not there?");
            }
        }

        void confirm() throws QueueUnavailableException, InterruptedException {
            if (suspects.isEmpty()) {
                return;
            }
            eachNamed((record, body) -> {
                String problem = suspects.get(body);
                if (problem == null) {
                    return;
                }
                if (problem.equals("missing")) {
                    missing++;
                } else {
                    damaged++;
                }
                if (lost.size() < NAMED) {
                    lost.add(
                            new StoreReport.Lost(
                                    record.content().mailId().value(),
                                    record.topic(),
                                    record.partition(),
                                    record.offset(),
                                    body.key() + "@" + body.offset(),
                                    problem));
                }
            });
        }

        StoreReport report() {
            return new StoreReport(
                    records,
                    bodies,
                    missing,
                    damaged,
                    lost,
                    objects,
                    bytes,
                    orphans,
                    orphanBytes,
                    removed,
                    entries,
                    damagedEntries,
                    damagedBytes,
                    damagedObjects);
        }
    }
}
