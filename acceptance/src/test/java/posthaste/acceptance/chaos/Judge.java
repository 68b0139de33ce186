package posthaste.acceptance.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import posthaste.acceptance.chaos.ClientLedger.Entry;
import posthaste.acceptance.chaos.ClientLedger.Outcome;
import posthaste.acceptance.chaos.LoggedMail.Standing;
import posthaste.acceptance.chaos.SinkRecord.Arrival;
import posthaste.acceptance.chaos.SinkRecord.Refusal;
import posthaste.acceptance.chaos.SinkRecord.Report;
import posthaste.acceptance.chaos.Strike.Edge;

/** Compares what clients were told, what the sink took, and what the delivery log says. */
final class Judge {
    /** From the sink's refusal to the notification being committed: three hops more. */
    private static final long NOTIFICATION = TimeUnit.SECONDS.toNanos(2);

    /** From a {@code 250} to a client to the jobs of a split being committed. */
    private static final long SPLITTING = TimeUnit.SECONDS.toNanos(1);

    /**
     * What a run left behind.
     *
     * @param entries of all clients since the run began
     * @param firstNumber of the mails that are judged; those before have been
     * @param edges of all faults
     */
    record Evidence(
            long seed,
            Collection<Entry> entries,
            long firstNumber,
            SinkRecord.Contents sink,
            List<Edge> edges,
            List<LoggedMail> log,
            Duration commitInterval) {}

    private final Evidence evidence;
    private final DuplicateBound bound;
    private final Map<String, List<Arrival>> taken = new HashMap<>();
    private final Map<String, List<Report>> reported = new HashMap<>();
    private final Map<String, List<Refusal>> refused = new HashMap<>();
    private final Map<Long, LoggedMail> logged = new HashMap<>();
    private final List<String> loss = new ArrayList<>();
    private final List<String> phantom = new ArrayList<>();
    private final List<String> corrupt = new ArrayList<>();
    private final List<String> silent = new ArrayList<>();
    private final List<String> waiting = new ArrayList<>();
    private final List<String> differing = new ArrayList<>();
    private final List<Duplicate> duplicates = new ArrayList<>();
    private long delivered;
    private long told;
    private long quiet;

    private Judge(Evidence evidence) {
        this.evidence = evidence;
        this.bound =
                new DuplicateBound(evidence.sink(), evidence.edges(), evidence.commitInterval());
    }

    static Verdict judge(Evidence evidence) {
        Judge judge = new Judge(evidence);
        judge.index();
        Map<Long, Entry> byNumber = new HashMap<>();
        for (Entry entry : evidence.entries()) {
            byNumber.put(entry.number(), entry);
            if (entry.number() >= evidence.firstNumber()) {
                judge.judge(entry);
            }
        }
        for (Arrival arrival : evidence.sink().arrivals()) {
            judge.compareBytes(arrival, byNumber);
            judge.noteStraggler(arrival);
        }
        return judge.verdict();
    }

    private void index() {
        SinkRecord.Contents sink = evidence.sink();
        for (Arrival arrival : sink.arrivals()) {
            if (arrival.taken()) {
                arrival.recipients()
                        .forEach(one ->
                                taken.computeIfAbsent(one, _ -> new ArrayList<>()).add(arrival));
            }
        }
        taken.values().forEach(list -> list.sort(Comparator.comparingLong(Arrival::at)));
        sink.reports().stream()
                .filter(Report::isEnd)
                .sorted(Comparator.comparingLong(Report::at))
                .forEach(report ->
                        reported.computeIfAbsent(report.recipient(), _ -> new ArrayList<>())
                                .add(report));
        for (Refusal refusal : sink.refusals()) {
            refused.computeIfAbsent(refusal.recipient(), _ -> new ArrayList<>()).add(refusal);
        }
        for (LoggedMail mail : evidence.log()) {
            if (mail.number() >= 0 && logged.put(mail.number(), mail) != null) {
                differing.add("mail " + mail.number() + " is in the log twice");
            }
        }
    }

    private void judge(Entry entry) {
        PlannedMail mail = PlannedMail.of(evidence.seed(), entry.number());
        for (String recipient : mail.recipients()) {
            List<Arrival> arrivals = taken.getOrDefault(recipient, List.of());
            List<Report> reports = reported.getOrDefault(recipient, List.of());
            switch (entry.outcome()) {
                case OK -> judgeEnd(mail, recipient, arrivals, reports);
                case FAIL -> {
                    if (!arrivals.isEmpty() || !reports.isEmpty()) {
                        phantom.add(recipient);
                    }
                }
                case UNKNOWN, INFO -> {}
            }
            findDuplicates(entry, recipient, arrivals, reports);
        }
        if (entry.outcome() == Outcome.FAIL && logged.containsKey(entry.number())) {
            phantom.add("mail " + entry.number() + " (in the log)");
        }
        compareLog(entry, mail);
    }

    private void judgeEnd(
            PlannedMail mail, String recipient, List<Arrival> arrivals, List<Report> reports) {
        Optional<Standing> standing = standing(mail.number(), recipient);
        boolean isFinal = standing.map(Standing::isFinal).orElse(false);
        boolean saysDelivered = standing.map(one -> one.state().equals("delivered")).orElse(false);
        if (!arrivals.isEmpty()) {
            delivered++;
        } else if (!reports.isEmpty()) {
            told++;
        } else if (mail.endsQuietly() && isFinal && !saysDelivered) {
            quiet++;
        } else if (standing.isPresent() && !isFinal) {
            waiting.add(recipient);
        } else {
            loss.add(recipient);
            if (!isFinal) {
                silent.add(recipient);
            }
        }
    }

    /** Each recipient has one row, it is final, and it says what the sink knows. */
    private void compareLog(Entry entry, PlannedMail mail) {
        LoggedMail inLog = logged.get(entry.number());
        if (inLog == null) {
            if (entry.outcome() == Outcome.OK) {
                differing.add("mail " + entry.number() + " is not in the log");
            }
            return;
        }
        Set<String> addresses = new HashSet<>();
        for (Standing standing : inLog.recipients()) {
            addresses.add(standing.address());
            boolean atSink = taken.containsKey(standing.address());
            if (!standing.isFinal() || atSink != standing.state().equals("delivered")) {
                differing.add(
                        standing.address()
                                + " is "
                                + standing.state()
                                + (atSink ? ", and was taken" : ", and was not taken"));
            }
        }
        if (inLog.recipients().size() != mail.recipients().size()
                || !addresses.equals(Set.copyOf(mail.recipients()))) {
            differing.add("mail " + entry.number() + " has other recipients in the log");
        }
    }

    private void findDuplicates(
            Entry entry, String recipient, List<Arrival> arrivals, List<Report> reports) {
        for (int i = 1; i < arrivals.size(); i++) {
            duplicates.add(explain(entry, recipient, arrivals.get(i - 1), arrivals.get(i)));
        }
        for (int i = 1; i < reports.size(); i++) {
            duplicates.add(explain(recipient, "told", reports.get(i - 1), reports.get(i).at()));
            if (!reports.get(i).notification().equals(reports.get(0).notification())) {
                differing.add(recipient + " was told of by two Message-IDs");
            }
        }
        if (!arrivals.isEmpty() && !reports.isEmpty()) {
            duplicates.add(
                    explain(
                            recipient,
                            "delivered and told",
                            reports.getFirst(),
                            arrivals.getFirst().at()));
        }
    }

    private Duplicate explain(Entry entry, String recipient, Arrival first, Arrival second) {
        Optional<Edge> repeating = bound.repeating(first, second);
        if (repeating.isPresent()) {
            return duplicate(
                    recipient,
                    "delivered",
                    first.at(),
                    second.at(),
                    Duplicate.Why.REPEATED,
                    repeating.get());
        }
        Optional<Edge> undoing =
                refused.getOrDefault(recipient, List.of()).stream()
                        .map(Refusal::at)
                        .filter(at -> at <= first.begun())
                        .max(Comparator.naturalOrder())
                        .map(at -> bound.undoing(at, 0))
                        .orElseGet(() -> bound.undoing(entry.at(), SPLITTING));
        return forked(recipient, "delivered", first.at(), second.at(), undoing);
    }

    private Duplicate explain(String recipient, String what, Report first, long second) {
        Optional<Edge> undoing =
                refused.getOrDefault(recipient, List.of()).stream()
                        .map(Refusal::at)
                        .filter(at -> at <= first.at())
                        .map(at -> bound.undoing(at, NOTIFICATION))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .or(() -> bound.undoing(first.at(), 0))
                        .or(() -> bound.handingOver(second));
        return forked(recipient, what, first.at(), second, undoing);
    }

    private static Duplicate forked(
            String recipient, String what, long first, long second, Optional<Edge> edge) {
        return edge.map(found ->
                        duplicate(recipient, what, first, second, Duplicate.Why.FORKED, found))
                .orElseGet(() ->
                        new Duplicate(
                                recipient, what, first, second, Duplicate.Why.UNEXPLAINED, ""));
    }

    private static Duplicate duplicate(
            String recipient, String what, long first, long second, Duplicate.Why why, Edge edge) {
        return new Duplicate(
                recipient,
                what,
                first,
                second,
                why,
                edge.what() + " at " + RunClock.seconds(edge.from()));
    }

    /** Of a mail that had come to its end before: no fault of now explains it. */
    private void noteStraggler(Arrival arrival) {
        if (arrival.taken() && arrival.number() >= 0 && arrival.number() < evidence.firstNumber()) {
            for (String recipient : arrival.recipients()) {
                duplicates.add(
                        new Duplicate(
                                recipient,
                                "delivered, of a mail that had ended",
                                0,
                                arrival.at(),
                                Duplicate.Why.UNEXPLAINED,
                                ""));
            }
        }
    }

    private void compareBytes(Arrival arrival, Map<Long, Entry> byNumber) {
        Entry entry = byNumber.get(arrival.number());
        if (entry == null || !entry.digest().equals(arrival.digest())) {
            corrupt.add(arrival.toString());
            return;
        }
        if (!PlannedMail.of(evidence.seed(), arrival.number())
                .recipients()
                .containsAll(arrival.recipients())) {
            corrupt.add(arrival + " has recipients of another mail");
        }
    }

    private Optional<Standing> standing(long number, String recipient) {
        return Optional.ofNullable(logged.get(number)).stream()
                .flatMap(mail -> mail.recipients().stream())
                .filter(one -> one.address().equals(recipient))
                .findFirst();
    }

    private Verdict verdict() {
        return new Verdict(
                count(Outcome.OK),
                count(Outcome.FAIL),
                count(Outcome.UNKNOWN),
                count(Outcome.INFO),
                delivered,
                told,
                quiet,
                List.copyOf(loss),
                List.copyOf(phantom),
                List.copyOf(corrupt),
                List.copyOf(silent),
                List.copyOf(waiting),
                List.copyOf(differing),
                List.copyOf(duplicates),
                bound.total());
    }

    private long count(Outcome outcome) {
        return evidence.entries().stream()
                .filter(one -> one.number() >= evidence.firstNumber() && one.outcome() == outcome)
                .count();
    }
}
