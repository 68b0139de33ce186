package posthaste.fallback.janitor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import posthaste.body.Generation;
import posthaste.body.inventory.StoredObject;
import posthaste.body.segment.BodyKey;
import posthaste.body.segment.Slot;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Topics;
import posthaste.outbound.settlement.BodyBounds;
import posthaste.queue.PartitionMark;
import posthaste.queue.PartitionMark.Standing;
import posthaste.queue.QueueMarks;

/**
 * A random history of an installation, without mail or disks: who accepts, delivers, defers and
 * bounces what, who stands still, crashes or has a wrong clock, and what the janitor then finds. It
 * keeps to the rules that writers keep to ({@link BodyBounds#allow} and short ways to the broker),
 * and complains when a body is gone that somebody needs.
 */
final class History {
    static final Duration SLOT = Duration.ofMinutes(10);
    static final Duration GRACE = Duration.ofMinutes(30);
    private static final List<Duration> TIERS =
            List.of(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(15),
                    Duration.ofHours(1),
                    Duration.ofHours(4));
    private static final List<String> TIER_NAMES = List.of("1m", "5m", "15m", "1h", "4h");
    private static final String OUTBOUND = Topics.OUTBOUND_PREFIX + "bulk";
    private static final String DSN = Topics.OUTBOUND_PREFIX + "dsn";

    /** Longest way from a decision to its record, or from a body to the record that accepts it. */
    private static final long UNDER_WAY_SECONDS = 120;

    final Random random;
    Instant now = Instant.parse("2026-11-22T08:00:00Z");
    private final Map<String, List<Partition>> topics = new LinkedHashMap<>();
    private final Map<String, Instant> store = new TreeMap<>();
    private final PriorityQueue<Later> later =
            new PriorityQueue<>(Comparator.comparing(Later::at).thenComparingInt(Later::number));
    private final Set<String> standing = new TreeSet<>();
    private final List<Duration> writerSkews;
    private final Duration brokerSkew;
    private final Duration storeSkew;
    private final Duration janitorSkew;
    private final BrokerClock brokerClock = new BrokerClock();
    private int lastNumber;
    private boolean quiet;
    int removed;

    /** A record; the body that it names, and when its mail was accepted. */
    private static final class Entry {
        private final Instant stamp;
        private final String body;
        private final Instant acceptedAt;
        private final int tier;
        private boolean settled;
        private boolean inHand;

        Entry(Instant stamp, String body, Instant acceptedAt, int tier) {
            this.stamp = stamp;
            this.body = body;
            this.acceptedAt = acceptedAt;
            this.tier = tier;
        }
    }

    private static final class Partition {
        private final List<Entry> entries = new ArrayList<>();
        private int start;
        private int committed;
        private int read;

        int mark() {
            int mark = committed;
            while (mark < entries.size() && entries.get(mark).settled) {
                mark++;
            }
            return mark;
        }
    }

    private record Later(Instant at, int number, Runnable what) {}

    History(long seed) {
        random = new Random(seed);
        // All clocks together differ by less than the grace; the janitor's may be an hour ahead.
        writerSkews = IntStream.range(0, 3).mapToObj(_ -> skew()).toList();
        brokerSkew = skew();
        storeSkew = skew();
        janitorSkew = random.nextBoolean() ? skew() : Duration.ofHours(random.nextInt(3) - 1);
        for (String topic : List.of(OUTBOUND, DSN, Topics.BOUNCE, Topics.DEAD_LETTER)) {
            topics.put(topic, newPartitions());
        }
        TIER_NAMES.forEach(tier -> topics.put(Topics.DEFERRED_PREFIX + tier, newPartitions()));
    }

    private Duration skew() {
        return Duration.ofSeconds(random.nextInt(481) - 240);
    }

    private List<Partition> newPartitions() {
        return new ArrayList<>(
                IntStream.range(0, 1 + random.nextInt(3)).mapToObj(_ -> new Partition()).toList());
    }

    /** Something happens, and time goes by. */
    void step() {
        switch (random.nextInt(quiet ? 6 : 12)) {
            case 0, 1 -> handle(OUTBOUND, Topics.DELIVERY_GROUP);
            case 2 -> handle(DSN, Topics.DELIVERY_GROUP);
            case 3, 4 -> handleDue();
            case 5 -> handle(Topics.BOUNCE, Topics.BOUNCE_GROUP);
            case 6, 7, 8, 9 -> accept();
            case 10 -> topics.get(anyOf(List.copyOf(topics.keySet()))).add(new Partition());
            default -> {
                String group =
                        anyOf(
                                List.of(
                                        Topics.DELIVERY_GROUP,
                                        Topics.FALLBACK_GROUP,
                                        Topics.BOUNCE_GROUP));
                if (!standing.remove(group) && random.nextInt(4) == 0) {
                    standing.add(group);
                }
            }
        }
        readAndCommit();
        if (!quiet && random.nextInt(20) == 0) {
            putBackDeadLetters();
        }
        int kind = random.nextInt(100);
        advance(
                kind < 60
                        ? Duration.ofSeconds(random.nextInt(20))
                        : kind < 92
                                ? Duration.ofSeconds(random.nextInt(600))
                                : kind < 99
                                        ? Duration.ofMinutes(random.nextInt(90))
                                        : Duration.ofHours(random.nextInt(60)));
    }

    /** No mail comes any more, and nobody stands still, until all is done. */
    void comeToAnEnd() {
        quiet = true;
        standing.clear();
        for (int i = 0; i < 200_000 && !isEmpty(); i++) {
            step();
            putBackDeadLetters();
        }
        if (!isEmpty()) {
            throw new AssertionError("the history does not end");
        }
        advance(BodyBounds.DEFAULT.deferred().plus(GRACE).plus(Duration.ofHours(5)));
        topics.values().forEach(list -> list.forEach(one -> one.committed = one.mark()));
        topics.values().forEach(list -> list.forEach(one -> one.read = one.entries.size()));
    }

    private boolean isEmpty() {
        return later.isEmpty()
                && topics.values().stream()
                        .flatMap(List::stream)
                        .allMatch(one -> one.mark() == one.entries.size());
    }

    void advance(Duration by) {
        Instant until = now.plus(by);
        while (!later.isEmpty() && !later.peek().at().isAfter(until)) {
            Later next = later.remove();
            now = next.at();
            next.what().run();
        }
        now = until;
    }

    private void soon(Runnable what) {
        Instant at = now.plusSeconds(random.nextLong(UNDER_WAY_SECONDS));
        later.add(new Later(at, ++lastNumber, what));
    }

    private void accept() {
        int writer = random.nextInt(3);
        Instant acceptedAt = now.plus(writerSkews.get(writer));
        String body = store(Generation.PRIMARY, writer);
        if (random.nextInt(15) > 0) {
            soon(() -> append(OUTBOUND, body, acceptedAt, random.nextInt(4) == 0 ? -1 : 0));
        }
    }

    private void handleDue() {
        int tier = random.nextInt(TIERS.size());
        handle(Topics.DEFERRED_PREFIX + TIER_NAMES.get(tier), Topics.FALLBACK_GROUP);
    }

    private void handle(String topic, String group) {
        if (standing.contains(group)) {
            return;
        }
        BodyTopic known = BodyTopic.of(topic).orElseThrow();
        for (Partition partition : topics.get(topic)) {
            for (int i = partition.mark(); i < partition.entries.size(); i++) {
                Entry entry = partition.entries.get(i);
                boolean due = !entry.stamp.plus(known.delay()).isAfter(now.plus(brokerSkew));
                if (!entry.settled && !entry.inHand && due && random.nextInt(3) > 0) {
                    settle(topic, entry);
                }
            }
        }
    }

    private void settle(String topic, Entry entry) {
        int writer = random.nextInt(3);
        Instant decidedAt = now.plus(writerSkews.get(writer));
        requireThere(entry.body);
        int fate = random.nextInt(quiet ? 4 : 10);
        entry.inHand = true;
        List<Runnable> writes = new ArrayList<>();
        if (topic.equals(Topics.BOUNCE)) {
            if (fate < 5) {
                String dsn = store(Generation.PRIMARY, writer);
                writes.add(() -> append(DSN, dsn, decidedAt, 0));
            }
        } else if (entry.tier < 0) {
            String body = bodyFor(entry, decidedAt, writer);
            for (int job = 0; job < 3; job++) {
                writes.add(() -> append(OUTBOUND, body, entry.acceptedAt, 0));
            }
        } else if (fate == 4) {
            String body = bodyFor(entry, decidedAt, writer);
            writes.add(() -> append(Topics.BOUNCE, body, entry.acceptedAt, 0));
        } else if (fate == 5) {
            String copy = store(Generation.DEAD_LETTER, writer);
            writes.add(() -> append(Topics.DEAD_LETTER, copy, entry.acceptedAt, 0));
        } else if (fate > 5) {
            // Held back, it stays on its tier, however old the mail.
            int tier = fate > 7 ? entry.tier : Math.min(entry.tier + 1, TIERS.size());
            int next = Math.max(1, tier);
            String body = bodyFor(entry, decidedAt.plus(TIERS.get(next - 1)), writer);
            writes.add(() ->
                    append(
                            Topics.DEFERRED_PREFIX + TIER_NAMES.get(next - 1),
                            body,
                            entry.acceptedAt,
                            next));
        }
        int crash = random.nextInt(quiet ? 1000 : 20);
        soon(() -> {
            entry.inHand = false;
            if (crash != 0) {
                writes.forEach(Runnable::run);
                // It died between writing and committing: the record comes once more.
                entry.settled = crash != 1;
            }
        });
    }

    private void putBackDeadLetters() {
        for (Partition partition : topics.get(Topics.DEAD_LETTER)) {
            for (Entry entry :
                    partition.entries.subList(partition.mark(), partition.entries.size())) {
                if (!entry.settled) {
                    requireThere(entry.body);
                    String copy = store(Generation.DEFERRED, 0);
                    append(OUTBOUND, copy, entry.acceptedAt, 0);
                    entry.settled = true;
                }
            }
        }
    }

    private String bodyFor(Entry entry, Instant dueAt, int writer) {
        boolean stays =
                BodyBounds.DEFAULT.allow(new BodyRef(entry.body, 0, 1, 0), entry.acceptedAt, dueAt);
        return stays ? entry.body : store(Generation.DEFERRED, writer);
    }

    private String store(Generation generation, int writer) {
        Instant clock = now.plus(writerSkews.get(writer));
        BodyKey key =
                new BodyKey(
                        generation,
                        Slot.of(clock, SLOT),
                        "w" + writer + "-" + random.nextInt(2),
                        "f0");
        store.put(key.toString(), now.plus(storeSkew));
        return key.toString();
    }

    private void append(String topic, String body, Instant acceptedAt, int tier) {
        requireThere(body);
        List<Partition> partitions = topics.get(topic);
        partitions
                .get(random.nextInt(partitions.size()))
                .entries
                .add(new Entry(now.plus(brokerSkew), body, acceptedAt, tier));
    }

    private void requireThere(String body) {
        if (!store.containsKey(body)) {
            throw new AssertionError("lost: " + body + " at " + now);
        }
    }

    private void readAndCommit() {
        for (List<Partition> partitions : topics.values()) {
            for (Partition partition : partitions) {
                if (random.nextBoolean()) {
                    partition.committed = partition.mark();
                }
                if (random.nextInt(3) == 0) {
                    partition.read = partition.entries.size();
                }
            }
        }
    }

    /** The janitor runs, while all others go on. */
    void clean(BodyBounds bounds, boolean somethingIsUnknown) {
        Instant local = now.plus(janitorSkew);
        long begun = nanoTime();
        List<PartitionMark> marks = new ArrayList<>();
        Map<String, Optional<BodyTopic>> known = new HashMap<>();
        for (String name : topics.keySet()) {
            known.put(name, BodyTopic.of(name));
        }
        for (String name : known.keySet()) {
            BodyTopic topic = known.get(name).orElseThrow();
            for (String group : topic.readers()) {
                marks.addAll(marks(topic, group));
                if (!quiet) {
                    step();
                }
            }
        }
        if (somethingIsUnknown) {
            PartitionMark unlucky = marks.remove(random.nextInt(marks.size()));
            marks.add(
                    new PartitionMark(
                            unlucky.group(),
                            unlucky.topic(),
                            unlucky.partition(),
                            new Standing.Unknown("no leader")));
        }
        Instant certain = brokerClock.certain(local, begun);
        CleaningPlan plan = new CleaningPlan(certain, known, marks, bounds, GRACE, SLOT);
        plan.trims().forEach(this::trim);
        for (String key : List.copyOf(store.keySet())) {
            StoredObject object =
                    new StoredObject(BodyKey.parse(key), 1, store.getOrDefault(key, now));
            if (plan.verdict(object) == CleaningPlan.Verdict.GOES) {
                if (!quiet && random.nextInt(5) == 0) {
                    step();
                }
                remove(key);
            }
        }
    }

    private List<PartitionMark> marks(BodyTopic topic, String group) {
        List<PartitionMark> marks = new ArrayList<>();
        List<Partition> partitions = topics.get(topic.name());
        for (int number = 0; number < partitions.size(); number++) {
            Partition one = partitions.get(number);
            int mark =
                    Math.max(
                            one.start,
                            group.equals(Topics.ACCEPTANCE_GROUP) ? one.read : one.committed);
            Optional<Instant> newest =
                    one.entries.isEmpty()
                            ? Optional.empty()
                            : Optional.of(one.entries.getLast().stamp);
            newest.ifPresent(at -> brokerClock.saw(at, nanoTime()));
            Optional<Instant> oldest =
                    mark < one.entries.size()
                            ? Optional.of(one.entries.get(mark).stamp)
                            : Optional.empty();
            marks.add(
                    new PartitionMark(
                            group,
                            topic.name(),
                            number,
                            new Standing.Known(
                                    mark, one.start, one.entries.size(), oldest, newest)));
        }
        return marks;
    }

    private void trim(QueueMarks.Trim trim) {
        Partition partition = topics.get(trim.topic()).get(trim.partition());
        boolean isOutbound = trim.topic().startsWith(Topics.OUTBOUND_PREFIX);
        for (Entry entry : partition.entries.subList(partition.start, (int) trim.before())) {
            if (!entry.settled) {
                throw new AssertionError("an unsettled record was trimmed: " + trim);
            }
        }
        if (isOutbound && trim.before() > partition.read) {
            throw new AssertionError("trimmed ahead of the log: " + trim);
        }
        partition.start = (int) trim.before();
    }

    private void remove(String key) {
        for (Map.Entry<String, List<Partition>> topic : topics.entrySet()) {
            for (Partition partition : topic.getValue()) {
                for (Entry entry :
                        partition.entries.subList(partition.mark(), partition.entries.size())) {
                    if (!entry.settled && entry.body.equals(key)) {
                        throw new AssertionError(
                                "%s was removed at %s and is named on %s since %s"
                                        .formatted(key, now, topic.getKey(), entry.stamp));
                    }
                }
            }
        }
        store.remove(key);
        removed++;
    }

    private long nanoTime() {
        return Duration.between(Instant.parse("2026-11-01T00:00:00Z"), now).toNanos();
    }

    int stored() {
        return store.size();
    }

    long recordsLeft() {
        return topics.values().stream()
                .flatMap(List::stream)
                .mapToLong(one -> one.entries.size() - one.start)
                .sum();
    }

    private String anyOf(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}
