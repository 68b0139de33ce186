package posthaste.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Topics;

/** What every queue keeps to; each test has topics and groups of its own. */
public abstract class MailQueueContract {
    private static final AtomicInteger TEST = new AtomicInteger();
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration LINGER = Duration.ofMillis(20);
    private static final String KEY = "example.org";

    /** The queue under test, one for the whole class. */
    protected abstract MailQueue queue();

    /** Writes a value that need not be a record of ours. */
    protected abstract void appendRaw(String topic, byte[] value) throws Exception;

    /** All values ever written to a topic. */
    protected abstract List<byte[]> values(String topic) throws Exception;

    private final List<QueueConsumer> consumers = new ArrayList<>();
    private String topic;
    private String group;

    @BeforeEach
    void topics() throws Exception {
        int number = TEST.incrementAndGet();
        topic = "mail.contract." + number;
        group = "contract-" + number;
        prepare(topic, 1);
        prepare(Topics.DEAD_LETTER, 1);
    }

    @AfterEach
    void stopConsumers() {
        consumers.forEach(QueueConsumer::close);
    }

    @Test
    void aRestartDeliversExactlyTheUnsettledAgain() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 100));
        Set<String> stuck = Set.of("3", "17", "99");
        Set<String> settled = new ConcurrentSkipListSet<>();
        QueueConsumer first =
                consumer(record -> {
                    if (stuck.contains(text(record))) {
                        new CountDownLatch(1).await();
                    }
                    settled.add(text(record));
                    return Settlement.nothing();
                });
        await().until(() -> first.statistics().settled() == 97);
        first.close();

        Set<String> again = new ConcurrentSkipListSet<>();
        QueueConsumer second = consumer(remember(again));
        await().until(() -> second.statistics().settled() == 3);
        assertThat(again).isEqualTo(stuck);
        assertThat(settled).doesNotContainAnyElementsOf(stuck);
    }

    @Test
    void whatASettlementLeadsToIsWritten() throws Exception {
        String target = topic + ".next";
        prepare(target, 2);
        publish(TestRecords.numbered(topic, KEY, 20));
        QueueConsumer consumer =
                consumer(record ->
                        Settlement.of(
                                List.of(
                                        TestRecords.record(target, KEY, "a" + text(record)),
                                        TestRecords.record(target, KEY, "b" + text(record)))));
        await().until(() -> consumer.statistics().settled() == 20);
        assertThat(values(target)).hasSize(40);
    }

    @Test
    void oneSlowRecordHoldsUpNoOther() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 500));
        CountDownLatch release = new CountDownLatch(1);
        QueueConsumer consumer =
                consumer(record -> {
                    if (text(record).equals("0")) {
                        release.await();
                    }
                    return Settlement.nothing();
                });
        await().until(() -> consumer.statistics().settled() == 499);
        release.countDown();
        await().until(() -> consumer.statistics().settled() == 500);
    }

    @Test
    void noMoreRecordsAreInFlightThanTheCapAllows() throws Exception {
        prepare(topic + ".other", 3);
        publish(TestRecords.numbered(topic, KEY, 200));
        publish(
                IntStream.range(0, 200)
                        .mapToObj(i -> TestRecords.record(topic + ".other", "key" + i, "other" + i))
                        .toList());
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        QueueConsumer consumer =
                start(
                        queue().consumer(
                                        plan(
                                                Map.of(
                                                        topic,
                                                        Duration.ZERO,
                                                        topic + ".other",
                                                        Duration.ZERO),
                                                7),
                                        record -> {
                                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                            Thread.sleep(1);
                                            now.decrementAndGet();
                                            return Settlement.nothing();
                                        }));
        await().until(() -> consumer.statistics().settled() == 400);
        assertThat(most).hasValueLessThanOrEqualTo(7).hasValueGreaterThan(1);
    }

    @Test
    void aTierWaitsForEachHeadAndKeepsTheOrder() throws Exception {
        Duration delay = Duration.ofMillis(700);
        List<String> order = new CopyOnWriteArrayList<>();
        List<Duration> waited = new CopyOnWriteArrayList<>();
        publish(TestRecords.numbered(topic, KEY, 20));
        QueueConsumer consumer =
                start(
                        queue().consumer(
                                        plan(Map.of(topic, delay), 1),
                                        record -> {
                                            order.add(text(record));
                                            waited.add(
                                                    Duration.between(
                                                            record.timestamp(), Instant.now()));
                                            return Settlement.nothing();
                                        }));
        await().until(() -> consumer.statistics().settled() == 20);
        publish(List.of(TestRecords.record(topic, KEY, "20")));
        await().until(() -> consumer.statistics().settled() == 21);
        assertThat(order)
                .isEqualTo(IntStream.rangeClosed(0, 20).mapToObj(Integer::toString).toList());
        assertThat(waited).allSatisfy(wait -> assertThat(wait).isGreaterThanOrEqualTo(delay));
    }

    @Test
    void poisonGoesWholeToTheDeadLettersAndStopsNothing() throws Exception {
        byte[] rubbish = ("\u00ff rubbish of " + topic).getBytes(StandardCharsets.UTF_8);
        OutgoingRecord condemned = TestRecords.record(topic, KEY, "condemned in " + topic);
        publish(List.of(condemned));
        appendRaw(topic, rubbish);
        publish(List.of(TestRecords.record(topic, KEY, "good")));
        QueueConsumer consumer =
                consumer(record ->
                        text(record).startsWith("condemned")
                                ? new Settlement.Poison("its body is gone")
                                : Settlement.nothing());
        await().until(() -> consumer.statistics().settled() == 3);
        assertThat(consumer.statistics().poisoned()).isEqualTo(2);
        List<byte[]> deadLetters = values(Topics.DEAD_LETTER);
        assertThat(deadLetters).contains(rubbish);
        assertThat(deadLetters).contains(values(topic).getFirst());
    }

    @Test
    void aDeadLetterSaysWhereItComesFromAndWhy() throws Exception {
        publish(List.of(TestRecords.record(topic, KEY, "condemned")));
        appendRaw(topic, new byte[] {(byte) 0xff});
        QueueConsumer consumer = consumer(_ -> new Settlement.Poison("its body is gone"));
        await().until(() -> consumer.statistics().poisoned() == 2);

        List<DeadLetter> letters = deadLetters();
        assertThat(letters).hasSize(2);
        DeadLetter condemned = letters.getFirst();
        assertThat(condemned.origin().topic()).isEqualTo(topic);
        assertThat(condemned.origin().partition()).isZero();
        assertThat(condemned.origin().offset()).isZero();
        assertThat(condemned.origin().timestamp()).isAfter(Instant.now().minusSeconds(600));
        assertThat(condemned.group()).isEqualTo(group);
        assertThat(condemned.reason()).isEqualTo("its body is gone");
        assertThat(condemned.content().map(TestRecords::text)).contains("condemned");
        DeadLetter unreadable = letters.getLast();
        assertThat(unreadable.content()).isEmpty();
        assertThat(unreadable.origin().offset()).isOne();
        assertThat(unreadable.reason()).isEqualTo("the record is not of our format");
    }

    @Test
    void whatIsPutBackIsHandledAgainAndTheRestStays() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 10));
        byte[] rubbish = {(byte) 0xff, 7};
        appendRaw(topic, rubbish);
        QueueConsumer strict = consumer(_ -> new Settlement.Poison("a defect of ours"));
        await().until(() -> strict.statistics().poisoned() == 11);
        strict.close();

        List<String> fates = new ArrayList<>();
        queue().deadLetters()
                .putBack(
                        letter ->
                                isFromHere(letter)
                                        && letter.content()
                                                .map(TestRecords::text)
                                                .filter(text -> Integer.parseInt(text) % 2 == 1)
                                                .isPresent(),
                        (_, fate) -> fates.add(fate.toString()));
        assertThat(fates).hasSize(5).allMatch(fate -> fate.startsWith("PutBack"));
        assertThat(deadLetters()).hasSize(6);
        Set<String> again = new ConcurrentSkipListSet<>();
        QueueConsumer mended = consumer(remember(again));
        await().until(() -> mended.statistics().settled() == 5);
        assertThat(again).containsExactly("1", "3", "5", "7", "9");

        queue().deadLetters().putBack(this::isFromHere, (_, _) -> {});
        // The unreadable one came back byte for byte, and so to the dead letters again.
        await().until(() -> mended.statistics().settled() == 11);
        assertThat(mended.statistics().poisoned()).isOne();
        assertThat(deadLetters()).hasSize(1);
        assertThat(values(topic)).filteredOn(value -> Arrays.equals(value, rubbish)).hasSize(2);
        assertThat(again).hasSize(10);
    }

    @Test
    void whatTwoGroupsCouldNotReadIsPutBackOnce() throws Exception {
        appendRaw(topic, new byte[] {(byte) 0xff, 8});
        QueueConsumer one = consumer(_ -> Settlement.nothing());
        QueueConsumer two =
                start(
                        queue().tail(
                                        new TailPlan(
                                                group + "-log",
                                                group + "-log",
                                                List.of(topic),
                                                10,
                                                Duration.ofMillis(20)),
                                        new Ledger()));
        await().until(() -> one.statistics().poisoned() + two.statistics().poisoned() == 2);
        one.close();
        two.close();
        assertThat(deadLetters()).hasSize(2);
        queue().deadLetters().putBack(this::isFromHere, (_, _) -> {});
        assertThat(deadLetters()).isEmpty();
        assertThat(values(topic)).hasSize(2);
    }

    private List<DeadLetter> deadLetters() throws Exception {
        List<DeadLetter> letters = new ArrayList<>();
        queue().deadLetters().list(letters::add);
        letters.removeIf(letter -> !isFromHere(letter));
        letters.sort(Comparator.comparingLong(letter -> letter.origin().offset()));
        return letters;
    }

    private boolean isFromHere(DeadLetter letter) {
        return letter.origin().topic().equals(topic);
    }

    @Test
    void aRecordOfANewerVersionWaitsAndTheRestGoesOn() throws Exception {
        String other = topic + ".other";
        prepare(other, 1);
        // Field 1 is the major version.
        appendRaw(topic, new byte[] {8, 99});
        publish(TestRecords.numbered(other, KEY, 10));
        Set<String> seen = new ConcurrentSkipListSet<>();
        QueueConsumer consumer =
                start(
                        queue().consumer(
                                        plan(
                                                Map.of(topic, Duration.ZERO, other, Duration.ZERO),
                                                10),
                                        remember(seen)));
        await().until(() ->
                consumer.statistics().settled() == 10
                        && consumer.statistics().partitionsOfNewerVersion() == 1);
        consumer.close();
        assertThat(consumer.statistics().poisoned()).isZero();
    }

    @Test
    void aRecordIsHandledAgainUntilOurOwnPartIsBack() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        ConcurrentMap<String, Integer> attempts = new ConcurrentHashMap<>();
        publish(TestRecords.numbered(topic, KEY, 5));
        QueueConsumer consumer =
                consumer(record -> {
                    attempts.merge(text(record), 1, Integer::sum);
                    if (away.get()) {
                        throw new PartUnavailableException("the store is away");
                    }
                    return Settlement.nothing();
                });
        await().until(() -> consumer.statistics().partUnavailable() >= 3);
        assertThat(consumer.statistics().settled()).isZero();
        away.set(false);
        await().until(() -> consumer.statistics().settled() == 5);
        assertThat(attempts.values()).anyMatch(count -> count > 1);
    }

    @Test
    void anExceptionThatNobodyExpectedLosesNothing() throws Exception {
        AtomicInteger failures = new AtomicInteger(2);
        publish(TestRecords.numbered(topic, KEY, 5));
        QueueConsumer consumer =
                consumer(record -> {
                    if (text(record).equals("2") && failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("a mistake of ours, on purpose");
                    }
                    return Settlement.nothing();
                });
        await().until(() -> consumer.statistics().settled() == 5);
        assertThat(consumer.statistics().unexpected()).isEqualTo(2);
    }

    @Test
    void twoConsumersShareTheWorkAndOneTakesOver() throws Exception {
        String wide = topic + ".wide";
        prepare(wide, 4);
        List<String> one = Collections.synchronizedList(new ArrayList<>());
        List<String> two = Collections.synchronizedList(new ArrayList<>());
        QueueConsumer first =
                start(queue().consumer(plan(Map.of(wide, Duration.ZERO), 2), slow(one)));
        QueueConsumer second =
                start(queue().consumer(plan(Map.of(wide, Duration.ZERO), 2), slow(two)));
        int[] published = {0};
        await().atMost(Duration.ofSeconds(30))
                .until(() -> {
                    publishSpread(wide, published[0], 20);
                    published[0] += 20;
                    return !one.isEmpty() && !two.isEmpty();
                });
        first.close();
        publishSpread(wide, published[0], 50);
        int all = published[0] + 50;
        await().atMost(Duration.ofSeconds(30))
                .until(() -> first.statistics().settled() + second.statistics().settled() >= all);
        List<String> both = new ArrayList<>(one);
        both.addAll(two);
        assertThat(both).doesNotHaveDuplicates().hasSize(all);
    }

    @Test
    void theScannerVisitsExactlyTheUnsettled() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 30));
        QueueConsumer consumer =
                consumer(record -> {
                    if (Integer.parseInt(text(record)) % 10 == 4) {
                        new CountDownLatch(1).await();
                    }
                    return Settlement.nothing();
                });
        await().until(() -> consumer.statistics().settled() == 27);
        consumer.close();
        publish(List.of(TestRecords.record(topic, KEY, "late")));
        List<String> seen = new ArrayList<>();
        queue().scanner().scan(group, List.of(topic), record -> seen.add(text(record)));
        assertThat(seen).containsExactly("4", "14", "24", "late");

        List<String> ofAStranger = new ArrayList<>();
        queue().scanner().scan("nobody-" + group, List.of(topic), r -> ofAStranger.add(text(r)));
        assertThat(ofAStranger).hasSize(31);
        assertThat(queue().scanner().ends(topic)).containsExactly(31L);
    }

    @Test
    void theScannerPassesOverWhatCannotBeRead() throws Exception {
        appendRaw(topic, new byte[] {1, 2, 3});
        publish(List.of(TestRecords.record(topic, KEY, "good")));
        List<String> seen = new ArrayList<>();
        queue().scanner().scan(group, List.of(topic), record -> seen.add(text(record)));
        assertThat(seen).containsExactly("good");
    }

    @Test
    void aTailHandsOverEachRecordOnceInOrder() throws Exception {
        Ledger ledger = new Ledger();
        publish(TestRecords.numbered(topic, KEY, 25));
        QueueConsumer first = start(queue().tail(tailPlan(), ledger));
        await().until(() -> ledger.texts.size() == 25);
        first.close();
        publish(
                List.of(
                        TestRecords.record(topic, KEY, "25"),
                        TestRecords.record(topic, KEY, "26")));
        start(queue().tail(tailPlan(), ledger));
        await().until(() -> ledger.texts.size() == 27);
        assertThat(ledger.texts)
                .isEqualTo(IntStream.range(0, 27).mapToObj(Integer::toString).toList());
        assertThat(ledger.largest).hasValueLessThanOrEqualTo(10);
    }

    @Test
    void aTailComesAgainWithWhatItsTargetCouldNotTake() throws Exception {
        Ledger ledger = new Ledger();
        ledger.away.set(true);
        publish(TestRecords.numbered(topic, KEY, 25));
        QueueConsumer tail = start(queue().tail(tailPlan(), ledger));
        await().until(() -> tail.statistics().partUnavailable() >= 2);
        ledger.away.set(false);
        await().until(() -> ledger.texts.size() == 25);
        assertThat(ledger.texts)
                .isEqualTo(IntStream.range(0, 25).mapToObj(Integer::toString).toList());
    }

    @Test
    void aFollowerGoesOnWhereItsGroupStood() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 25));
        List<String> first = new CopyOnWriteArrayList<>();
        QueueConsumer follower = start(queue().follow(followPlan(Optional.empty()), into(first)));
        await().until(() -> first.size() == 25);
        follower.close();
        publish(TestRecords.numbered(topic, KEY, 5));

        List<String> second = new CopyOnWriteArrayList<>();
        start(queue().follow(followPlan(Optional.empty()), into(second)));

        await().until(() -> second.size() >= 5);
        assertThat(first).isEqualTo(IntStream.range(0, 25).mapToObj(Integer::toString).toList());
        assertThat(second).containsExactly("0", "1", "2", "3", "4");
    }

    @Test
    void whatAFollowerCouldNotTakeComesAgainAndNothingElseDoes() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 25));
        List<String> taken = new CopyOnWriteArrayList<>();
        AtomicInteger refusals = new AtomicInteger(3);
        start(
                queue().follow(
                                followPlan(Optional.empty()),
                                (where, partition, missed, records) -> {
                                    if (!taken.isEmpty() && refusals.getAndDecrement() > 0) {
                                        throw new PartUnavailableException("away");
                                    }
                                    into(taken).take(where, partition, missed, records);
                                }));

        await().until(() -> taken.size() >= 25);
        assertThat(refusals.get()).isNotPositive();
        assertThat(taken).isEqualTo(IntStream.range(0, 25).mapToObj(Integer::toString).toList());
    }

    @Test
    void aFollowerThatIsNewBeginsAtItsTimeAndNotBefore() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 3));
        Instant between = Instant.now().plusMillis(20);
        await().until(() -> Instant.now().isAfter(between.plusMillis(20)));
        publish(List.of(TestRecords.record(topic, KEY, "later")));

        List<String> taken = new CopyOnWriteArrayList<>();
        start(queue().follow(followPlan(Optional.of(between)), into(taken)));

        await().until(() -> !taken.isEmpty());
        assertThat(taken).containsExactly("later");
    }

    @Test
    void aFollowerIsToldHowManyWereGoneBeforeItCame() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 10));
        List<String> taken = new CopyOnWriteArrayList<>();
        QueueConsumer follower = start(queue().follow(followPlan(Optional.empty()), into(taken)));
        await().until(() -> taken.size() == 10);
        follower.close();
        publish(TestRecords.numbered(topic, KEY, 10));
        queue().marks().trim(List.of(new QueueMarks.Trim(topic, 0, 14)));

        AtomicInteger gone = new AtomicInteger();
        start(
                queue().follow(
                                followPlan(Optional.empty()),
                                (where, partition, missed, records) -> {
                                    gone.addAndGet((int) missed);
                                    into(taken).take(where, partition, missed, records);
                                }));

        await().until(() -> taken.size() == 16);
        assertThat(gone).hasValue(4);
    }

    /** Unreadable ones are there: nobody missed them by being late. */
    @Test
    void whatAFollowerCannotReadWasNotGone() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 1));
        List<String> taken = new CopyOnWriteArrayList<>();
        AtomicInteger gone = new AtomicInteger();
        BatchTaker counting =
                (where, partition, missed, records) -> {
                    gone.addAndGet((int) missed);
                    into(taken).take(where, partition, missed, records);
                };
        QueueConsumer follower = start(queue().follow(followPlan(Optional.empty()), counting));
        await().until(() -> taken.size() == 1);
        follower.close();
        appendRaw(topic, new byte[] {1, 2, 3});
        appendRaw(topic, new byte[] {1, 2, 3});
        publish(TestRecords.numbered(topic, KEY, 1));
        start(queue().follow(followPlan(Optional.empty()), counting));

        await().until(() -> taken.size() == 2);
        assertThat(gone).hasValue(0);
    }

    @Test
    void aTopicIsReadFromATimeOnToItsEndOrOnwards() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 3));
        Instant between = Instant.now().plusMillis(20);
        await().until(() -> Instant.now().isAfter(between.plusMillis(20)));
        publish(List.of(TestRecords.record(topic, KEY, "later")));

        List<String> all = new ArrayList<>();
        queue().scanner().read(topic, Instant.EPOCH, false, record -> all.add(text(record)));
        assertThat(all).containsExactly("0", "1", "2", "later");
        List<String> later = new ArrayList<>();
        queue().scanner().read(topic, between, false, record -> later.add(text(record)));
        assertThat(later).containsExactly("later");

        List<String> onwards = new CopyOnWriteArrayList<>();
        Thread reading =
                Thread.startVirtualThread(() -> {
                    try {
                        queue().scanner()
                                .read(topic, between, true, record -> onwards.add(text(record)));
                    } catch (QueueUnavailableException | InterruptedException e) {
                        onwards.add("ended");
                    }
                });
        await().until(() -> onwards.contains("later"));
        publish(List.of(TestRecords.record(topic, KEY, "last")));
        await().until(() -> onwards.contains("last"));
        reading.interrupt();
        await().until(() -> onwards.contains("ended"));
    }

    private FollowPlan followPlan(Optional<Instant> since) {
        return new FollowPlan(group, group, List.of(topic), 10, LINGER, since);
    }

    private static BatchTaker into(List<String> taken) {
        return (where, partition, missed, records) ->
                records.forEach(record -> taken.add(text(record)));
    }

    @Test
    void aGroupThatNeverCommittedHasSettledNothing() throws Exception {
        Instant before = Instant.now().minusSeconds(1);
        publish(TestRecords.numbered(topic, KEY, 3));

        PartitionMark.Standing.Known known = standing(group);

        assertThat(known.mark()).isZero();
        assertThat(known.start()).isZero();
        assertThat(known.end()).isEqualTo(3);
        assertThat(known.oldest()).hasValueSatisfying(at -> assertThat(at).isAfter(before));
        assertThat(known.newest()).hasValueSatisfying(at -> assertThat(at).isAfter(before));
    }

    @Test
    void theMarkStandsAtTheFirstUnsettledRecord() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 10));
        Instant between = Instant.now();
        await().until(() -> Instant.now().isAfter(between.plusMillis(20)));
        publish(List.of(TestRecords.record(topic, KEY, "stuck")));
        publish(TestRecords.numbered(topic, KEY, 10));
        QueueConsumer consumer =
                consumer(record -> {
                    if (text(record).equals("stuck")) {
                        new CountDownLatch(1).await();
                    }
                    return Settlement.nothing();
                });
        await().until(() -> consumer.statistics().settled() == 20);
        await().until(() -> standing(group).mark() == 10);

        assertThat(standing(group).end()).isEqualTo(21);
        assertThat(standing(group).oldest())
                .hasValueSatisfying(at -> assertThat(at).isAfterOrEqualTo(between));
        assertThat(standing("nobody-" + group).oldest())
                .hasValueSatisfying(at -> assertThat(at).isBeforeOrEqualTo(between.plusMillis(5)));
    }

    @Test
    void aConsumerHoldsThePartitionsThatItReads() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 1));
        QueueConsumer consumer = consumer(record -> Settlement.nothing());
        await().until(() -> consumer.statistics().settled() == 1);

        assertThat(queue().marks().holds(group, group, topic, 0)).isTrue();
    }

    @Test
    void aGroupThatHasSettledAllHasNothingOld() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 10));
        QueueConsumer consumer = consumer(record -> Settlement.nothing());
        await().until(() -> consumer.statistics().settled() == 10);
        await().until(() -> standing(group).mark() == 10);

        assertThat(standing(group).oldest()).isEmpty();
        assertThat(standing(group).newest()).isPresent();
    }

    @Test
    void whatAGroupHasToDoIsToldAndWhatOfItIsDue() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 10));
        Duration later = Duration.ofHours(1);
        assertThat(queue().marks().backlog(group, Map.of(topic, Duration.ZERO)))
                .containsExactly(new Backlog(topic, 10, 10));
        assertThat(queue().marks().backlog(group, Map.of(topic, later)))
                .containsExactly(new Backlog(topic, 10, 0));

        QueueConsumer consumer = consumer(record -> Settlement.nothing());
        await().until(() -> consumer.statistics().settled() == 10);
        await().until(() -> standing(group).mark() == 10);

        assertThat(queue().marks().backlog(group, Map.of(topic, Duration.ZERO)))
                .containsExactly(new Backlog(topic, 0, 0));
        assertThat(queue().marks().backlog("another", Map.of(topic, Duration.ZERO)))
                .containsExactly(new Backlog(topic, 10, 10));
    }

    @Test
    void aPartitionThatWasAddedHasAMark() throws Exception {
        String wide = topic + ".wide";
        prepare(wide, 2);
        assertThat(queue().marks().marks(group, List.of(wide))).hasSize(2);
        assertThat(queue().marks().marks(group, List.of(wide)))
                .allSatisfy(mark -> {
                    assertThat(mark.standing()).isInstanceOf(PartitionMark.Standing.Known.class);
                    PartitionMark.Standing.Known known =
                            (PartitionMark.Standing.Known) mark.standing();
                    assertThat(known.end()).isZero();
                    assertThat(known.oldest()).isEmpty();
                    assertThat(known.newest()).isEmpty();
                });
    }

    @Test
    void whatIsTrimmedIsGoneForEverybodyAndTheRestStays() throws Exception {
        publish(TestRecords.numbered(topic, KEY, 10));

        queue().marks().trim(List.of(new QueueMarks.Trim(topic, 0, 4)));

        assertThat(values(topic)).hasSize(6);
        assertThat(standing(group).start()).isEqualTo(4);
        assertThat(standing(group).mark()).isEqualTo(4);
        assertThat(standing(group).end()).isEqualTo(10);
        Set<String> seen = new ConcurrentSkipListSet<>();
        QueueConsumer consumer = consumer(remember(seen));
        await().until(() -> consumer.statistics().settled() == 6);
        assertThat(seen).containsExactly("4", "5", "6", "7", "8", "9");
        Ledger ledger = new Ledger();
        start(queue().tail(new TailPlan(group, "t-" + group, List.of(topic), 10, LINGER), ledger));
        await().until(() -> ledger.texts.size() == 6);
        await().until(() -> standing("t-" + group).mark() == 10);
    }

    @Test
    void theTopicsOfAKindAreFoundWhoeverMadeThem() throws Exception {
        prepare(topic + ".a", 1);
        prepare(topic + ".b", 1);

        assertThat(queue().marks().topics(topic + ".")).containsExactly(topic + ".a", topic + ".b");
    }

    @Test
    void ofATopicThatDoesNotExistNothingCanBeTold() {
        assertThatThrownBy(() -> queue().marks().marks(group, List.of(topic, topic + ".not")))
                .isInstanceOf(QueueUnavailableException.class);
    }

    private PartitionMark.Standing.Known standing(String of) throws Exception {
        List<PartitionMark> marks = queue().marks().marks(of, List.of(topic));
        assertThat(marks).hasSize(1);
        assertThat(marks.getFirst().group()).isEqualTo(of);
        return (PartitionMark.Standing.Known) marks.getFirst().standing();
    }

    /** A target that keeps its offsets by compare-and-set. */
    private static final class Ledger implements BatchWriter {
        private final List<String> texts = new CopyOnWriteArrayList<>();
        private final ConcurrentMap<Integer, Long> next = new ConcurrentHashMap<>();
        private final AtomicInteger largest = new AtomicInteger();
        private final AtomicBoolean away = new AtomicBoolean();

        @Override
        public long nextOffset(String topic, int partition) throws PartUnavailableException {
            return next.getOrDefault(partition, 0L);
        }

        @Override
        public synchronized void write(
                String topic,
                int partition,
                long expected,
                long nextOffset,
                List<QueuedRecord> records)
                throws PartUnavailableException {
            if (away.get() || next.getOrDefault(partition, 0L) != expected) {
                throw new PartUnavailableException("the database is away");
            }
            records.forEach(record -> texts.add(text(record)));
            next.put(partition, nextOffset);
            largest.accumulateAndGet(records.size(), Math::max);
        }
    }

    protected final void prepare(String name, int partitions) throws Exception {
        queue().prepare(List.of(new TopicPlan(name, partitions, Optional.empty(), true)));
    }

    protected final void publish(List<OutgoingRecord> records) throws Exception {
        queue().publisher().publish(records, DEADLINE);
    }

    private void publishSpread(String wide, int from, int count) throws Exception {
        publish(
                IntStream.range(from, from + count)
                        .mapToObj(i -> TestRecords.record(wide, "key" + i, Integer.toString(i)))
                        .toList());
    }

    private QueueConsumer consumer(RecordHandler handler) {
        return start(queue().consumer(plan(Map.of(topic, Duration.ZERO), 1000), handler));
    }

    private ConsumerPlan plan(Map<String, Duration> topics, int inFlight) {
        return new ConsumerPlan(
                group, group, topics, inFlight, Duration.ofMillis(10), Duration.ofMillis(300));
    }

    private TailPlan tailPlan() {
        return new TailPlan(group, group, List.of(topic), 10, Duration.ofMillis(20));
    }

    private QueueConsumer start(QueueConsumer consumer) {
        consumers.add(consumer);
        consumer.start();
        return consumer;
    }

    private static RecordHandler remember(Set<String> seen) {
        return record -> {
            seen.add(text(record));
            return Settlement.nothing();
        };
    }

    private static RecordHandler slow(List<String> seen) {
        return record -> {
            TimeUnit.MILLISECONDS.sleep(2);
            seen.add(text(record));
            return Settlement.nothing();
        };
    }

    private static String text(QueuedRecord record) {
        return TestRecords.text(record.content());
    }
}
