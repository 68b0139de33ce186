package posthaste.queue.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import posthaste.queue.ledger.Suspects.Standing;

class SuspectsTest {
    private static final int CAP = 100;

    @Test
    void aFirstOwnerSuspectsNobody() {
        OffsetLedger ledger = taken(OffsetLedger.startingAt(0), 1);
        assertThat(ledger.suspects().of(0)).isEqualTo(Standing.CLEAR);
        assertThat(ledger.hasChanged()).isTrue();
        assertThat(ledger.commit().metadata()).isNotEmpty();
        assertThat(ledger.hasChanged()).isFalse();
    }

    @Test
    void afterACrashAllThatMayHaveBeenInFlightIsSuspected() {
        OffsetLedger ledger = taken(OffsetLedger.startingAt(0), 1);
        ledger.take(0);
        ledger.take(1);
        ledger.settle(1);
        OffsetLedger next = taken(OffsetLedger.restore(ledger.commit()), 2);
        assertThat(next.suspects().of(0)).isEqualTo(Standing.SUSPECT);
        assertThat(next.suspects().of(2 + CAP - 1)).isEqualTo(Standing.SUSPECT);
        assertThat(next.suspects().of(2 + CAP)).isEqualTo(Standing.CLEAR);
        assertThat(next.take(1)).as("settled, whatever is suspected").isFalse();
    }

    @Test
    void whoGivesItsPartitionBackLeavesNobodySuspected() {
        OffsetLedger ledger = taken(OffsetLedger.startingAt(0), 1);
        ledger.take(0);
        ledger.suspects().release();
        LedgerCommit commit = ledger.commit();
        OffsetLedger next = taken(OffsetLedger.restore(commit), 2);
        assertThat(next.suspects().of(0)).isEqualTo(Standing.CLEAR);
        assertThat(next.take(0)).isTrue();
    }

    @Test
    void whoGetsItsOwnPartitionAgainDidNotDie() {
        OffsetLedger ledger = taken(OffsetLedger.startingAt(0), 1);
        ledger.take(0);
        OffsetLedger again = taken(OffsetLedger.restore(ledger.commit()), 1);
        assertThat(again.suspects().of(0)).isEqualTo(Standing.CLEAR);
    }

    @Test
    void whatWasInFlightAtTwoCrashesIsTriedAloneAndCondemnedAtTheThird() {
        OffsetLedger first = taken(OffsetLedger.startingAt(0), 1);
        first.take(0);
        first.take(1);
        OffsetLedger second = taken(OffsetLedger.restore(first.commit()), 2);
        second.take(0);
        second.take(1);
        second.suspects().start(0);
        OffsetLedger third = taken(OffsetLedger.restore(second.commit()), 3);
        assertThat(third.suspects().of(0)).isEqualTo(Standing.REPEATED);
        assertThat(third.suspects().of(1)).as("not started again").isEqualTo(Standing.SUSPECT);
        third.take(0);
        third.take(1);
        third.suspects().tryAlone(0);
        OffsetLedger fourth = taken(OffsetLedger.restore(third.commit()), 4);
        assertThat(fourth.suspects().of(0)).isEqualTo(Standing.CONDEMNED);
        assertThat(fourth.suspects().of(1)).isEqualTo(Standing.SUSPECT);
        assertThat(fourth.suspects().crashes()).isEqualTo(3);
        fourth.take(0);
        fourth.settle(0);
        assertThat(OffsetLedger.restore(fourth.commit()).suspects().of(1))
                .isEqualTo(Standing.SUSPECT);
    }

    @Test
    void onlyATrialThatIsUnderWayCondemns() {
        OffsetLedger ledger = repeated(0, 3);
        ledger.suspects().tryAlone(0);
        ledger.suspects().endTrial();
        ledger.suspects().tryAlone(1);
        OffsetLedger next = taken(OffsetLedger.restore(ledger.commit()), 9);
        assertThat(next.suspects().of(0)).isEqualTo(Standing.REPEATED);
        assertThat(next.suspects().of(1)).isEqualTo(Standing.CONDEMNED);
        assertThat(next.suspects().of(2)).isEqualTo(Standing.REPEATED);
    }

    @Test
    void suspicionEndsWithTheLastSuspect() {
        OffsetLedger ledger = repeated(0, 2);
        ledger.settle(0);
        ledger.settle(1);
        for (long offset = 2; offset < 2 + CAP; offset++) {
            ledger.take(offset);
            ledger.settle(offset);
        }
        assertThat(ledger.suspects().crashes()).isZero();
        OffsetLedger next = OffsetLedger.restore(ledger.commit());
        assertThat(next.suspects().of(2 + CAP)).isEqualTo(Standing.CLEAR);
    }

    @Test
    void aReaderOfBeforeSeesTheSameLedger() {
        OffsetLedger ledger = repeated(0, 40);
        for (long offset = 1; offset < 40; offset += 3) {
            ledger.settle(offset);
        }
        LedgerCommit commit = ledger.commit();
        byte[] bytes = Metadata.decode(commit.offset(), commit.metadata()).orElseThrow();
        int end = 0;
        while (bytes[end] != 0) {
            end++;
        }
        // What stands before the first zero byte is all that an earlier version looks at.
        byte[] runs = Arrays.copyOf(bytes, end);
        OffsetLedger before =
                OffsetLedger.restore(
                        new LedgerCommit(commit.offset(), Metadata.encode(commit.offset(), runs)));
        for (long offset = 0; offset < 40; offset++) {
            assertThat(before.isSettled(offset)).isEqualTo(ledger.isSettled(offset));
        }
    }

    @Test
    void thousandsOfSuspectsStayWithinTheLimit() {
        OffsetLedger ledger = taken(OffsetLedger.startingAt(0), 1);
        long taken = 0;
        while (ledger.hasRoomFor(taken * 300)) {
            ledger.take(taken++ * 300);
        }
        OffsetLedger next = taken(OffsetLedger.restore(ledger.commit()), 2);
        for (long i = 0; i < taken; i++) {
            next.take(i * 300);
            next.suspects().start(i * 300);
        }
        LedgerCommit commit = next.commit();
        assertThat(taken).isGreaterThan(1500);
        assertThat(commit.metadata()).hasSizeLessThanOrEqualTo(OffsetLedger.METADATA_LIMIT);
        OffsetLedger last = taken(OffsetLedger.restore(commit), 3);
        for (long i = 0; i < taken; i++) {
            assertThat(last.suspects().of(i * 300)).isEqualTo(Standing.REPEATED);
        }
    }

    /**
     * Random lives of a process, ended by poison records, by an operator, or in good order. The
     * poison goes, and nobody else does but who was alone when an operator struck.
     */
    @RepeatedTest(100)
    void poisonIsCondemnedAndNobodyElse(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Life history = new Life(random, 300);
        for (int life = 1; !history.isOver(); life++) {
            assertThat(life).as("lives until all is settled").isLessThan(200);
            // Operators stop at some point, or nothing can be promised.
            history.live(life, life < 12 ? random.nextInt(4) : 0);
        }
        assertThat(history.condemned).containsAll(history.poison);
        Set<Long> innocent = new HashSet<>(history.condemned);
        innocent.removeAll(history.poison);
        assertThat(history.aloneAtAnOperatorsKill).containsAll(innocent);
        assertThat(innocent.size()).isLessThanOrEqualTo(history.operatorKills);
        // Two, and not three, where another one died beside it before it ever began.
        history.poison.forEach(offset ->
                assertThat(history.inFlightAtCrashes.get(offset))
                        .as("crashes of " + offset)
                        .isGreaterThanOrEqualTo(2));
    }

    /** What a loop does, without threads or a broker. */
    private static final class Life {
        private final Random random;
        private final int size;
        private final Set<Long> poison = new HashSet<>();
        private final Set<Long> settled = new HashSet<>();
        private final Set<Long> condemned = new HashSet<>();
        private final Set<Long> aloneAtAnOperatorsKill = new HashSet<>();
        private final Map<Long, Integer> inFlightAtCrashes = new HashMap<>();
        private int operatorKills;
        private LedgerCommit commit = new LedgerCommit(0, "");

        Life(Random random, int size) {
            this.random = random;
            this.size = size;
            for (int i = random.nextInt(4); i > 0; i--) {
                poison.add((long) random.nextInt(size));
            }
        }

        boolean isOver() {
            return OffsetLedger.restore(commit).mark() == size;
        }

        /** One life; {@code end}: 1 by an operator, 2 in good order, else when it has to. */
        void live(int me, int end) {
            OffsetLedger ledger = OffsetLedger.restore(commit);
            ledger.takeOver(me, Math.min(size, ledger.end() + CAP));
            commit = ledger.commit();
            Suspects suspects = ledger.suspects();
            Set<Long> running = new HashSet<>();
            List<Long> waiting = new ArrayList<>();
            Deque<Long> repeated = new ArrayDeque<>();
            long alone = -1;
            long next = ledger.mark();
            int steps = end == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(150);
            while (steps-- > 0 && ledger.mark() < size) {
                if (random.nextInt(5) == 0) {
                    commit = ledger.commit();
                }
                if (alone == -1 && !repeated.isEmpty()) {
                    alone = repeated.remove();
                    suspects.tryAlone(alone);
                    commit = ledger.commit();
                    running.add(alone);
                    if (poison.contains(alone)) {
                        crash(running);
                        return;
                    }
                }
                if (alone == -1 && !waiting.isEmpty() && running.size() < 8) {
                    long suspect = waiting.removeFirst();
                    suspects.start(suspect);
                    commit = ledger.commit();
                    running.add(suspect);
                    if (poison.contains(suspect)) {
                        crash(running);
                        return;
                    }
                } else if (next < size && running.size() < CAP && waiting.size() < 8) {
                    Standing standing = suspects.of(next);
                    boolean mayStart =
                            (alone == -1 && waiting.isEmpty()) || standing != Standing.CLEAR;
                    if (mayStart) {
                        long offset = next++;
                        if (ledger.take(offset)) {
                            switch (standing) {
                                case CLEAR -> {
                                    running.add(offset);
                                    if (poison.contains(offset)) {
                                        crash(running);
                                        return;
                                    }
                                }
                                case SUSPECT, STARTED -> waiting.add(offset);
                                case REPEATED -> repeated.add(offset);
                                case CONDEMNED -> {
                                    condemned.add(offset);
                                    settle(ledger, offset);
                                }
                            }
                        }
                    }
                }
                if (!running.isEmpty() && random.nextBoolean()) {
                    List<Long> all = new ArrayList<>(running);
                    long done = all.get(random.nextInt(all.size()));
                    running.remove(done);
                    settle(ledger, done);
                    if (done == alone) {
                        alone = -1;
                        suspects.endTrial();
                    }
                }
                assertThat(ledger.commit().metadata())
                        .hasSizeLessThanOrEqualTo(OffsetLedger.METADATA_LIMIT);
            }
            if (end == 1) {
                operatorKills++;
                if (alone != -1 || commitNamesTrial()) {
                    aloneAtAnOperatorsKill.add(trialInCommit());
                }
                crash(running);
            } else {
                suspects.release();
                commit = ledger.commit();
            }
        }

        private void settle(OffsetLedger ledger, long offset) {
            settled.add(offset);
            ledger.settle(offset);
        }

        private void crash(Set<Long> running) {
            Set<Long> named = new HashSet<>(running);
            if (commitNamesTrial()) {
                // Its end was not committed yet.
                named.add(trialInCommit());
            }
            named.forEach(offset -> inFlightAtCrashes.merge(offset, 1, Integer::sum));
        }

        private boolean commitNamesTrial() {
            return trialInCommit() >= 0;
        }

        private long trialInCommit() {
            OffsetLedger successor = OffsetLedger.restore(commit);
            Set<Long> before = condemnedIn(successor);
            successor.takeOver(Integer.MAX_VALUE, 0);
            Set<Long> after = condemnedIn(successor);
            after.removeAll(before);
            return after.isEmpty() ? -1 : after.iterator().next();
        }

        private Set<Long> condemnedIn(OffsetLedger ledger) {
            Set<Long> found = new HashSet<>();
            for (long offset = 0; offset < size; offset++) {
                if (ledger.suspects().of(offset) == Standing.CONDEMNED) {
                    found.add(offset);
                }
            }
            return found;
        }
    }

    /** Offsets that were in flight at two crashes, taken again by the third. */
    private static OffsetLedger repeated(long from, long to) {
        OffsetLedger first = taken(OffsetLedger.startingAt(from), 1);
        takeAll(first, from, to);
        OffsetLedger second = taken(OffsetLedger.restore(first.commit()), 2);
        takeAll(second, from, to);
        for (long offset = from; offset < to; offset++) {
            second.suspects().start(offset);
        }
        OffsetLedger third = taken(OffsetLedger.restore(second.commit()), 3);
        takeAll(third, from, to);
        return third;
    }

    private static void takeAll(OffsetLedger ledger, long from, long to) {
        for (long offset = from; offset < to; offset++) {
            ledger.take(offset);
        }
    }

    private static OffsetLedger taken(OffsetLedger ledger, int me) {
        ledger.takeOver(me, ledger.end() + CAP);
        return ledger;
    }
}
