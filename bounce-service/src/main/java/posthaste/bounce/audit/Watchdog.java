package posthaste.bounce.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides when what the audits find is to be said aloud: at once when something is wrong or gets
 * worse, then now and again, and once when it is over. A log that lags is an alarm of its own, and
 * accuses nobody.
 */
final class Watchdog {
    private static final Duration REPEAT = Duration.ofMinutes(10);
    private static final int NAMED = 10;

    /** What can be wrong. */
    enum Alarm {
        /** Mail is missing. */
        UNACCOUNTED,
        /** Mail is there, but a fleet does not get on. */
        LATE,
        /** The log knows of ends, but not of their acceptance. */
        UNACCEPTED,
        /** Nobody can be judged. */
        LAG
    }

    /**
     * A line for the log.
     *
     * @param isOver whether it gives the all-clear
     */
    record Line(Alarm alarm, boolean isOver, String text) {}

    private record Raised(Instant at, long count) {}

    private final Duration lateAfter;
    private final Map<Alarm, Raised> raised = new EnumMap<>(Alarm.class);
    private @Nullable Instant lastJudged;

    /**
     * Watches.
     *
     * @param lateAfter how long the log may be behind
     */
    Watchdog(Duration lateAfter) {
        this.lateAfter = lateAfter;
    }

    /** What is to be said about this report. */
    List<Line> look(AuditReport report) {
        List<Line> lines = new ArrayList<>();
        Instant now = report.asOf();
        if (report.judged()) {
            lastJudged = now;
            judge(lines, Alarm.UNACCOUNTED, now, report.unaccounted(), unaccounted(report));
            judge(lines, Alarm.LATE, now, report.late().total(), late(report));
            judge(lines, Alarm.UNACCEPTED, now, report.unaccepted(), unaccepted(report));
            judge(lines, Alarm.LAG, now, 0, "");
        } else {
            Instant since = lastJudged;
            if (since == null) {
                lastJudged = now;
            } else if (!now.isBefore(since.plus(lateAfter))) {
                judge(lines, Alarm.LAG, now, report.behind(), lag(report, since));
            }
        }
        return lines;
    }

    private void judge(List<Line> lines, Alarm alarm, Instant now, long count, String text) {
        Raised before = raised.get(alarm);
        if (count == 0) {
            if (before != null) {
                raised.remove(alarm);
                lines.add(new Line(alarm, true, "AUDIT: over: " + alarm));
            }
        } else if (before == null
                || (alarm != Alarm.LAG && count > before.count)
                || Duration.between(before.at, now).abs().compareTo(REPEAT) >= 0) {
            raised.put(alarm, new Raised(now, count));
            lines.add(new Line(alarm, false, "AUDIT: " + text));
        }
    }

    private static String unaccounted(AuditReport report) {
        return "%d accepted recipients are in no queue and have no outcome, among them %s"
                .formatted(report.unaccounted(), some(report.unaccountedIds()));
    }

    private static String late(AuditReport report) {
        return ("%d recipients wait in a queue past their promised event (first attempt %d, next"
                        + " attempt %d, bounce %d), among them %s")
                .formatted(
                        report.late().total(),
                        report.late().firstAttempt(),
                        report.late().nextAttempt(),
                        report.late().bounce(),
                        some(report.late().ids()));
    }

    private static String unaccepted(AuditReport report) {
        return "%d recipients have events, but their acceptance is not in the log, among them %s"
                .formatted(report.unaccepted(), some(report.unacceptedIds()));
    }

    private static String lag(AuditReport report, Instant since) {
        return ("the delivery log is %d records behind its topics; since %s nobody can be judged."
                        + " That is no sign of lost mail")
                .formatted(report.behind(), since);
    }

    private static List<?> some(List<?> ids) {
        return ids.stream().limit(NAMED).toList();
    }
}
