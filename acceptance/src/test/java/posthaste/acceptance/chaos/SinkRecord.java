package posthaste.acceptance.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the sink took and what it answered, with the times of its answers. */
final class SinkRecord implements AutoCloseable {
    /**
     * A message whose final dot arrived.
     *
     * @param begun when its transaction began
     * @param at when its dot was answered, or was to be left unanswered
     * @param number of the mail; -1 for none of ours
     * @param digest of what is ours in it
     * @param taken whether the answer was {@code 250}
     */
    record Arrival(
            long begun,
            long at,
            long number,
            String digest,
            List<String> recipients,
            boolean taken) {
        Arrival {
            recipients = List.copyOf(recipients);
        }
    }

    /** A recipient that was deferred or refused. */
    record Refusal(long at, String recipient, int code) {}

    /**
     * What a notification said of one recipient.
     *
     * @param notification its Message-ID
     * @param action as RFC 3464 has them: failed, delayed, relayed ...
     */
    record Report(long at, String notification, String recipient, String action) {
        boolean isEnd() {
            return action.equals("failed");
        }
    }

    /** All that a run's sink noted. */
    record Contents(List<Arrival> arrivals, List<Refusal> refusals, List<Report> reports) {
        Contents {
            arrivals = List.copyOf(arrivals);
            refusals = List.copyOf(refusals);
            reports = List.copyOf(reports);
        }

        /** What came at this time or later. */
        Contents since(long begin) {
            return new Contents(
                    arrivals.stream().filter(one -> one.at() >= begin).toList(),
                    refusals.stream().filter(one -> one.at() >= begin).toList(),
                    reports.stream().filter(one -> one.at() >= begin).toList());
        }
    }

    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private final List<Report> reports = new ArrayList<>();
    private final Journal journal;

    private SinkRecord(Journal journal) {
        this.journal = journal;
    }

    static SinkRecord at(Path file) {
        return new SinkRecord(Journal.at(file));
    }

    synchronized void note(Arrival arrival) {
        arrivals.add(arrival);
        journal.note(
                arrival.taken() ? "taken" : "unanswered",
                arrival.at(),
                arrival.begun(),
                arrival.number(),
                arrival.digest(),
                String.join(",", arrival.recipients()));
    }

    synchronized void note(Refusal refusal) {
        refusals.add(refusal);
        journal.note("refused", refusal.at(), refusal.recipient(), refusal.code());
    }

    synchronized void note(Report report) {
        reports.add(report);
        journal.note(
                "report", report.at(), report.notification(), report.recipient(), report.action());
    }

    /** Whether a mail of ours was taken at this time or later. */
    synchronized boolean hasTakenSince(long since) {
        return arrivals.reversed().stream()
                .takeWhile(arrival -> arrival.at() >= since)
                .anyMatch(arrival -> arrival.taken() && arrival.number() >= 0);
    }

    synchronized Contents contents() {
        return new Contents(arrivals, refusals, reports);
    }

    /** Reads back what a run noted. */
    static Contents read(Path file) {
        List<Arrival> arrivals = new ArrayList<>();
        List<Refusal> refusals = new ArrayList<>();
        List<Report> reports = new ArrayList<>();
        Journal.read(
                file,
                fields -> {
                    switch (fields.getFirst()) {
                        case "refused" -> refusals.add(refusal(fields));
                        case "report" -> reports.add(report(fields));
                        default -> arrivals.add(arrival(fields));
                    }
                });
        return new Contents(arrivals, refusals, reports);
    }

    private static Arrival arrival(List<String> fields) {
        return new Arrival(
                Long.parseLong(fields.get(2)),
                Long.parseLong(fields.get(1)),
                Long.parseLong(fields.get(3)),
                fields.get(4),
                List.of(fields.get(5).split(",")),
                fields.getFirst().equals("taken"));
    }

    private static Refusal refusal(List<String> fields) {
        return new Refusal(
                Long.parseLong(fields.get(1)), fields.get(2), Integer.parseInt(fields.get(3)));
    }

    private static Report report(List<String> fields) {
        return new Report(
                Long.parseLong(fields.get(1)), fields.get(2), fields.get(3), fields.get(4));
    }

    @Override
    public void close() {
        journal.close();
    }
}
