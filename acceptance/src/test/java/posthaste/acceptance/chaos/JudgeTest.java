package posthaste.acceptance.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import posthaste.acceptance.chaos.ClientLedger.Entry;
import posthaste.acceptance.chaos.ClientLedger.Outcome;
import posthaste.acceptance.chaos.LoggedMail.Standing;
import posthaste.acceptance.chaos.SinkRecord.Arrival;
import posthaste.acceptance.chaos.SinkRecord.Refusal;
import posthaste.acceptance.chaos.SinkRecord.Report;
import posthaste.acceptance.chaos.Strike.Edge;

/** A judge that finds nothing wrong would be worth nothing: each wrong is made once. */
class JudgeTest {
    private static final long SEED = 1;
    private static final long SECOND = 1_000_000_000;
    private static final PlannedMail PLAIN =
            planned(mail ->
                    mail.recipients().size() == 1
                            && Behaviour.of(mail.recipients().getFirst()) == Behaviour.OK);
    private static final PlannedMail REFUSED =
            planned(mail ->
                    mail.recipients().size() == 1
                            && !mail.endsQuietly()
                            && Behaviour.of(mail.recipients().getFirst()) == Behaviour.NO);
    private static final PlannedMail QUIETLY_REFUSED =
            planned(mail ->
                    mail.recipients().size() == 1
                            && mail.endsQuietly()
                            && Behaviour.of(mail.recipients().getFirst()) == Behaviour.NO);

    private long firstNumber;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<Report> reports = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private final List<LoggedMail> log = new ArrayList<>();

    @Test
    void aDeliveredMailIsAllRight() {
        sent(PLAIN, Outcome.OK);
        arrived(PLAIN, 2 * SECOND);
        logged(PLAIN, "delivered", true);
        assertThat(judged().complaints()).isEmpty();
        assertThat(judged().delivered()).isEqualTo(1);
    }

    @Test
    void anAcceptedMailThatIsNowhereIsLostAndSilent() {
        sent(PLAIN, Outcome.OK);
        assertThat(judged().loss()).containsExactlyElementsOf(PLAIN.recipients());
        assertThat(judged().silent()).containsExactlyElementsOf(PLAIN.recipients());
    }

    @Test
    void aMailThatOnlyTheLogHoldsForDeliveredIsLost() {
        sent(PLAIN, Outcome.OK);
        logged(PLAIN, "delivered", true);
        assertThat(judged().loss()).isNotEmpty();
        assertThat(judged().differing()).isNotEmpty();
    }

    @Test
    void aMailThatIsStillQueuedIsNotLost() {
        sent(PLAIN, Outcome.OK);
        logged(PLAIN, "deferred", false);
        assertThat(judged().loss()).isEmpty();
        assertThat(judged().waiting()).isNotEmpty();
    }

    @Test
    void aMailWhoseDotWasNotAnsweredByTheSinkHasNotArrived() {
        sent(PLAIN, Outcome.OK);
        arrivals.add(arrival(PLAIN, 2 * SECOND, PLAIN.digest(), false));
        assertThat(judged().loss()).isNotEmpty();
    }

    @Test
    void aRefusalHasToBeTold() {
        sent(REFUSED, Outcome.OK);
        logged(REFUSED, "bounced", true);
        assertThat(judged().loss()).isNotEmpty();
        told(REFUSED, "<one@x>", 3 * SECOND);
        assertThat(judged().complaints()).isEmpty();
    }

    @Test
    void unlessNobodyIsToBeTold() {
        sent(QUIETLY_REFUSED, Outcome.OK);
        assertThat(judged().loss()).isNotEmpty();
        logged(QUIETLY_REFUSED, "bounced", true);
        assertThat(judged().complaints()).isEmpty();
        assertThat(judged().quiet()).isEqualTo(1);
    }

    @Test
    void aRefusedMailThatArrivesIsAPhantom() {
        sent(PLAIN, Outcome.FAIL);
        arrived(PLAIN, 2 * SECOND);
        assertThat(judged().phantom()).isNotEmpty();
    }

    @Test
    void aRefusedMailThatTheLogHasIsAPhantom() {
        sent(PLAIN, Outcome.FAIL);
        logged(PLAIN, "delivered", true);
        assertThat(judged().phantom()).isNotEmpty();
    }

    @Test
    void anUnknownOutcomeMayGoEitherWay() {
        sent(PLAIN, Outcome.INFO);
        assertThat(judged().complaints()).isEmpty();
        arrived(PLAIN, 2 * SECOND);
        logged(PLAIN, "delivered", true);
        assertThat(judged().complaints()).isEmpty();
    }

    @Test
    void otherBytesAreCorrupt() {
        sent(PLAIN, Outcome.OK);
        arrivals.add(arrival(PLAIN, 2 * SECOND, "another digest", true));
        logged(PLAIN, "delivered", true);
        assertThat(judged().corrupt()).hasSize(1);
    }

    @Test
    void aMailAtSomebodyElsesIsCorrupt() {
        sent(PLAIN, Outcome.OK);
        arrivals.add(
                new Arrival(
                        SECOND,
                        2 * SECOND,
                        PLAIN.number(),
                        PLAIN.digest(),
                        List.of("stranger@one.example"),
                        true));
        assertThat(judged().corrupt()).hasSize(1);
    }

    @Test
    void aRepeatAtAFaultIsExplainedAndBounded() {
        sent(PLAIN, Outcome.OK);
        arrived(PLAIN, 2 * SECOND);
        arrived(PLAIN, 9 * SECOND);
        logged(PLAIN, "delivered", true);
        edges.add(new Edge("kill", 2 * SECOND + 30_000_000, 3 * SECOND, 0, 0, 0, false));
        assertThat(judged().duplicates())
                .singleElement()
                .extracting(Duplicate::why)
                .isEqualTo(Duplicate.Why.REPEATED);
        assertThat(judged().bound()).isEqualTo(1);
        assertThat(judged().complaints()).isEmpty();
    }

    @Test
    void onASlowMachineMoreIsOnTheWay() {
        sent(PLAIN, Outcome.OK);
        arrived(PLAIN, 2 * SECOND);
        arrived(PLAIN, 9 * SECOND);
        logged(PLAIN, "delivered", true);
        edges.add(new Edge("kill", 3 * SECOND, 4 * SECOND, 0, 0, SECOND / 4, false));
        assertThat(judged().complaints()).isNotEmpty();
        edges.set(0, new Edge("kill", 3 * SECOND, 4 * SECOND, 0, 0, SECOND / 2, false));
        assertThat(judged().complaints()).isEmpty();
    }

    @Test
    void aRepeatOfWhatWasLongCommittedIsNot() {
        sent(PLAIN, Outcome.OK);
        arrived(PLAIN, 2 * SECOND);
        arrived(PLAIN, 9 * SECOND);
        logged(PLAIN, "delivered", true);
        edges.add(new Edge("kill", 4 * SECOND, 5 * SECOND, 10, 0, 0, false));
        assertThat(judged().unexplained()).hasSize(1);
        assertThat(judged().complaints()).isNotEmpty();
    }

    @Test
    void aSleeperWhoWakesMayRepeatWhatHeHadInHand() {
        sent(PLAIN, Outcome.OK);
        arrived(PLAIN, 5 * SECOND);
        arrived(PLAIN, 12 * SECOND);
        logged(PLAIN, "delivered", true);
        edges.add(new Edge("sleeps", 3 * SECOND, 3 * SECOND, 1, 0, 0, false));
        assertThat(judged().unexplained()).hasSize(1);
        edges.add(new Edge("wakes", 11 * SECOND, 11 * SECOND, 1, 0, 0, true));
        assertThat(judged().complaints()).isEmpty();
    }

    @Test
    void aRepeatOfAMailThatHadEndedIsNot() {
        sent(PLAIN, Outcome.OK);
        arrived(PLAIN, 2 * SECOND);
        firstNumber = PLAIN.number() + 1;
        assertThat(judged().corrupt()).isEmpty();
        assertThat(judged().unexplained()).hasSize(1);
    }

    @Test
    void aRepeatWithoutAFaultIsNot() {
        sent(PLAIN, Outcome.OK);
        arrived(PLAIN, 2 * SECOND);
        arrived(PLAIN, 2 * SECOND + 1);
        logged(PLAIN, "delivered", true);
        assertThat(judged().complaints()).hasSize(2);
    }

    @Test
    void aRepeatedNotificationKeepsItsMessageId() {
        sent(REFUSED, Outcome.OK);
        logged(REFUSED, "bounced", true);
        refusals.add(new Refusal(2 * SECOND, REFUSED.recipients().getFirst(), 550));
        edges.add(new Edge("kill", 2 * SECOND + 30_000_000, 3 * SECOND, 1, 0, 0, false));
        told(REFUSED, "<one@x>", 5 * SECOND);
        told(REFUSED, "<one@x>", 6 * SECOND);
        assertThat(judged().complaints()).isEmpty();
        assertThat(judged().duplicates()).hasSize(1);
        told(REFUSED, "<two@x>", 7 * SECOND);
        assertThat(judged().differing()).hasSize(1);
    }

    private static PlannedMail planned(Predicate<PlannedMail> wanted) {
        return LongStream.range(0, 10_000)
                .mapToObj(number -> PlannedMail.of(SEED, number))
                .filter(wanted)
                .findFirst()
                .orElseThrow();
    }

    private void sent(PlannedMail mail, Outcome outcome) {
        entries.add(new Entry(mail.number(), mail.digest(), SECOND, outcome, SECOND, ""));
    }

    private void arrived(PlannedMail mail, long at) {
        arrivals.add(arrival(mail, at, mail.digest(), true));
    }

    private static Arrival arrival(PlannedMail mail, long at, String digest, boolean taken) {
        return new Arrival(at - 1000, at, mail.number(), digest, mail.recipients(), taken);
    }

    private void told(PlannedMail mail, String messageId, long at) {
        reports.add(new Report(at, messageId, mail.recipients().getFirst(), "failed"));
    }

    private void logged(PlannedMail mail, String state, boolean isFinal) {
        log.add(
                new LoggedMail(
                        "id",
                        mail.number(),
                        mail.recipients().stream()
                                .map(one -> new Standing(one, state, isFinal, 0))
                                .toList()));
    }

    private Verdict judged() {
        return Judge.judge(
                new Judge.Evidence(
                        SEED,
                        entries,
                        firstNumber,
                        new SinkRecord.Contents(arrivals, refusals, reports),
                        edges,
                        log,
                        Duration.ofMillis(10)));
    }
}
