package posthaste.queue.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class OffsetLedgerTest {

    @Test
    void theMarkIsTheFirstUnsettledOffset() {
        OffsetLedger ledger = OffsetLedger.startingAt(10);
        assertThat(ledger.mark()).isEqualTo(10);
        takeAll(ledger, 10, 11, 12);
        ledger.settle(11);
        assertThat(ledger.mark()).isEqualTo(10);
        ledger.settle(10);
        assertThat(ledger.mark()).isEqualTo(12);
        ledger.settle(12);
        assertThat(ledger.mark()).isEqualTo(13);
        assertThat(ledger.commit()).isEqualTo(new LedgerCommit(13, ""));
    }

    @Test
    void offsetsThatNeverExistedHoldNothingUp() {
        OffsetLedger ledger = OffsetLedger.startingAt(0);
        takeAll(ledger, 5, 1_000_000);
        assertThat(ledger.mark()).isEqualTo(5);
        ledger.settle(5);
        assertThat(ledger.mark()).isEqualTo(1_000_000);
    }

    @Test
    void aSettledOffsetIsNotHandledAgainAfterARestart() {
        OffsetLedger ledger = OffsetLedger.startingAt(100);
        takeAll(ledger, 100, 101, 102, 103);
        ledger.settle(101);
        ledger.settle(103);
        OffsetLedger next = OffsetLedger.restore(ledger.commit());
        assertThat(next.take(100)).isTrue();
        assertThat(next.take(101)).isFalse();
        assertThat(next.take(102)).isTrue();
        assertThat(next.take(103)).isFalse();
        assertThat(next.take(104)).isTrue();
    }

    @Test
    void whatIsNotReadAgainYetIsStillUnsettledAtTheNextCommit() {
        OffsetLedger ledger = OffsetLedger.startingAt(0);
        takeAll(ledger, 0, 1, 2, 3, 4);
        ledger.settle(1);
        OffsetLedger second = OffsetLedger.restore(ledger.commit());
        assertThat(second.take(0)).isTrue();
        second.settle(0);
        OffsetLedger third = OffsetLedger.restore(second.commit());
        assertThat(third.mark()).isEqualTo(2);
        assertThat(List.of(third.take(2), third.take(3), third.take(4)))
                .containsExactly(true, true, true);
    }

    @Test
    void aRecordThatVanishedDoesNotHoldTheMarkForEver() {
        OffsetLedger ledger = OffsetLedger.startingAt(0);
        takeAll(ledger, 0, 1, 2);
        OffsetLedger next = OffsetLedger.restore(commitAfter(ledger, 2));
        assertThat(next.take(7)).isTrue();
        next.settle(7);
        assertThat(next.mark()).isEqualTo(8);
    }

    @Test
    void metadataOfSomebodyElseSaysNothing() {
        for (String foreign :
                List.of("", "{}", "ph1", "ph1xx", "ph1 nothing of ours", "ph2\u4711\u0815abc")) {
            OffsetLedger ledger = OffsetLedger.restore(new LedgerCommit(5, foreign));
            assertThat(ledger.mark()).isEqualTo(5);
            assertThat(ledger.take(5)).isTrue();
            assertThat(ledger.take(6)).isTrue();
        }
    }

    @Test
    void metadataThatWasCopiedToAnotherOffsetSaysNothing() {
        OffsetLedger ledger = OffsetLedger.startingAt(0);
        takeAll(ledger, 0, 1, 2, 3);
        ledger.settle(2);
        String metadata = ledger.commit().metadata();
        assertThat(OffsetLedger.restore(new LedgerCommit(0, metadata)).isSettled(2)).isTrue();
        OffsetLedger moved = OffsetLedger.restore(new LedgerCommit(1, metadata));
        assertThat(moved.isSettled(2)).isFalse();
        assertThat(moved.isSettled(3)).isFalse();
    }

    @Test
    void aDamagedCharacterIsNoticed() {
        OffsetLedger ledger = OffsetLedger.startingAt(0);
        takeAll(ledger, LongStream.range(0, 40).toArray());
        for (long offset = 1; offset < 40; offset += 2) {
            ledger.settle(offset);
        }
        String metadata = ledger.commit().metadata();
        for (int i = 0; i < metadata.length(); i++) {
            char[] damaged = metadata.toCharArray();
            damaged[i] = (char) (damaged[i] ^ 4);
            OffsetLedger restored = OffsetLedger.restore(new LedgerCommit(0, new String(damaged)));
            assertThat(restored.end()).as("character " + i).isZero();
        }
    }

    @Test
    void onlyWhatIsInFlightCanBeSettled() {
        OffsetLedger ledger = OffsetLedger.startingAt(0);
        takeAll(ledger, 0, 1);
        ledger.settle(1);
        assertThatThrownBy(() -> ledger.settle(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger.settle(2)).isInstanceOf(IllegalArgumentException.class);
        OffsetLedger next = OffsetLedger.restore(ledger.commit());
        assertThatThrownBy(() -> next.settle(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRewindAndAGapAreSeen() {
        OffsetLedger ledger = OffsetLedger.startingAt(10);
        ledger.take(10);
        assertThat(ledger.isRewind(10)).isTrue();
        assertThat(ledger.isRewind(11)).isFalse();
        assertThat(ledger.isGap(11)).isFalse();
        assertThat(ledger.isGap(12)).isTrue();
        assertThatThrownBy(() -> ledger.take(10)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void gapsOfMillionsStayWithinTheLimit() {
        OffsetLedger ledger = OffsetLedger.startingAt(0);
        long offset = 0;
        int taken = 0;
        while (ledger.hasRoomFor(offset)) {
            ledger.take(offset);
            taken++;
            offset += 5_000_000;
        }
        LedgerCommit commit = ledger.commit();
        assertThat(taken).isGreaterThan(1400);
        assertThat(commit.metadata()).hasSizeLessThanOrEqualTo(OffsetLedger.METADATA_LIMIT);
        assertThat(OffsetLedger.restore(commit).end()).isEqualTo(offset - 5_000_000 + 1);
    }

    @Test
    void atTheLimitItAsksForAPauseAndGoesOnWhenSomethingIsSettled() {
        OffsetLedger ledger = OffsetLedger.startingAt(0);
        long offset = 0;
        while (ledger.hasRoomFor(offset)) {
            ledger.take(offset++);
        }
        // The worst: every second one settled, each of the others a run of its own.
        for (long settled = 1; settled < offset; settled += 2) {
            ledger.settle(settled);
            assertThat(ledger.commit().metadata())
                    .hasSizeLessThanOrEqualTo(OffsetLedger.METADATA_LIMIT);
        }
        assertThat(ledger.hasRoomFor(offset)).isTrue();
    }

    /** Every way to settle a few records, with a restart after each step. */
    @Test
    void everyShortHistoryKeepsItsWord() {
        int records = 6;
        List<List<Integer>> orders = new ArrayList<>();
        permutations(records, new ArrayList<>(), orders);
        for (List<Integer> order : orders) {
            for (int settled = 0; settled <= records; settled++) {
                OffsetLedger ledger = OffsetLedger.startingAt(0);
                takeAll(ledger, LongStream.range(0, records).toArray());
                Set<Long> done = new HashSet<>();
                for (int i = 0; i < settled; i++) {
                    ledger.settle(order.get(i));
                    done.add((long) order.get(i));
                }
                OffsetLedger restored = OffsetLedger.restore(ledger.commit());
                for (long offset = restored.mark(); offset < records; offset++) {
                    assertThat(restored.take(offset)).isEqualTo(!done.contains(offset));
                }
                long mark = ledger.mark();
                assertThat(LongStream.range(0, mark).allMatch(done::contains)).isTrue();
            }
        }
    }

    /** Random histories against a model that remembers everything. */
    @RepeatedTest(60)
    void noHistoryLosesOrRepeatsARecord(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        int logSize = 3000;
        long[] log = new long[logSize];
        long at = random.nextInt(100);
        for (int i = 0; i < logSize; i++) {
            at += random.nextInt(50) == 0 ? 1 + random.nextInt(3_000_000) : 1;
            log[i] = at;
        }
        int cap = 1 + random.nextInt(random.nextBoolean() ? 20 : 2500);
        Set<Long> settledAtLastCommit = new HashSet<>();
        Set<Long> settled = new HashSet<>();
        LedgerCommit committed = new LedgerCommit(0, "");

        for (int life = 0; life < 6; life++) {
            // A crash: what was settled since the last commit is forgotten, and nothing else.
            settled = new HashSet<>(settledAtLastCommit);
            OffsetLedger ledger =
                    life == 0 ? OffsetLedger.startingAt(0) : OffsetLedger.restore(committed);
            int next = firstAtOrAbove(log, committed.offset());
            List<Long> inFlight = new ArrayList<>();
            int steps = random.nextInt(6000);
            for (int step = 0; step < steps; step++) {
                boolean canTake =
                        next < logSize && inFlight.size() < cap && ledger.hasRoomFor(log[next]);
                if (canTake && (inFlight.isEmpty() || random.nextInt(100) < 55)) {
                    long offset = log[next++];
                    boolean handle = ledger.take(offset);
                    assertThat(handle).isEqualTo(!settled.contains(offset));
                    if (handle) {
                        inFlight.add(offset);
                    }
                } else if (!inFlight.isEmpty()) {
                    // The first in flight stays long: a slow destination.
                    int from = inFlight.size() > 1 && random.nextInt(50) > 0 ? 1 : 0;
                    int index = from + random.nextInt(inFlight.size() - from);
                    long offset = inFlight.remove(index);
                    ledger.settle(offset);
                    settled.add(offset);
                }
                if (random.nextInt(40) == 0 && ledger.hasChanged()) {
                    committed = ledger.commit();
                    settledAtLastCommit = new HashSet<>(settled);
                    assertThat(committed.metadata())
                            .hasSizeLessThanOrEqualTo(OffsetLedger.METADATA_LIMIT);
                    assertCommitTellsTheTruth(committed, log, settled);
                }
            }
        }
    }

    private static void assertCommitTellsTheTruth(
            LedgerCommit commit, long[] log, Set<Long> settled) {
        OffsetLedger restored = OffsetLedger.restore(commit);
        assertThat(restored.mark()).isEqualTo(commit.offset());
        for (long offset : log) {
            assertThat(restored.isSettled(offset)).isEqualTo(settled.contains(offset));
        }
    }

    private static LedgerCommit commitAfter(OffsetLedger ledger, long settled) {
        ledger.settle(settled);
        return ledger.commit();
    }

    private static int firstAtOrAbove(long[] log, long offset) {
        int i = 0;
        while (i < log.length && log[i] < offset) {
            i++;
        }
        return i;
    }

    private static void takeAll(OffsetLedger ledger, long... offsets) {
        for (long offset : offsets) {
            assertThat(ledger.take(offset)).isTrue();
        }
    }

    private static void permutations(
            int size, List<Integer> prefix, List<List<Integer>> permutations) {
        if (prefix.size() == size) {
            permutations.add(List.copyOf(prefix));
            return;
        }
        for (int i = 0; i < size; i++) {
            if (!prefix.contains(i)) {
                prefix.add(i);
                permutations(size, prefix, permutations);
                prefix.removeLast();
            }
        }
    }
}
