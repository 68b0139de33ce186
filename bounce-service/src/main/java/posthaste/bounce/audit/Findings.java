package posthaste.bounce.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import posthaste.bounce.audit.AuditReport.Hour;
import posthaste.bounce.audit.AuditReport.Late;
import posthaste.bounce.audit.AuditReport.Unaccounted;
import posthaste.bounce.audit.AuditReport.Waiting;
import posthaste.bounce.deliverylog.LogAccounts.Totals;
import posthaste.bounce.deliverylog.OpenRecipient;
import posthaste.bounce.deliverylog.OpenRecipient.Awaited;
import posthaste.bounce.deliverylog.Outcomes;

/** What one audit has found of the open recipients so far, in all and by hour of acceptance. */
final class Findings {
    private static final Duration SHOWN = Duration.ofDays(2);

    /** Two days, and as many hours again in which somebody has been waiting since. */
    private static final int MOST_HOURS = 100;

    private final int examples;
    private final Map<Instant, Open> hours = new HashMap<>();
    private final Open all = new Open();
    private final Map<Awaited, Long> late = new EnumMap<>(Awaited.class);
    private final List<Waiting> lateIds = new ArrayList<>();
    private final List<Unaccounted> unaccountedIds = new ArrayList<>();
    private long deadLettered;

    /**
     * Begins at nothing.
     *
     * @param examples recipients named at most, of each kind
     */
    Findings(int examples) {
        this.examples = examples;
    }

    /** Stands in a queue. */
    void queued(OpenRecipient one) {
        all.queued++;
        hour(one).queued++;
    }

    /** Stands in a queue, which has been counted, and waits too long there. */
    void late(OpenRecipient one) {
        all.late++;
        hour(one).late++;
        late.merge(one.awaited(), 1L, Long::sum);
        if (lateIds.size() < examples) {
            lateIds.add(
                    new Waiting(
                            one.mailId(),
                            one.address(),
                            one.promisedAt(),
                            one.awaited().name().toLowerCase(Locale.ROOT)));
        }
    }

    /** Stands among the dead letters alone, which has been counted as queued. */
    void deadLettered() {
        deadLettered++;
    }

    /** Stands nowhere. */
    void unaccounted(OpenRecipient one) {
        all.unaccounted++;
        hour(one).unaccounted++;
        if (unaccountedIds.size() < examples) {
            unaccountedIds.add(new Unaccounted(one.mailId(), one.address(), one.promisedAt()));
        }
    }

    long queued() {
        return all.queued;
    }

    long unaccounted() {
        return all.unaccounted;
    }

    /** Who has no outcome in the log and was neither seen nor missed. */
    long settling(Totals totals) {
        return settling(totals.all(), all);
    }

    Late late() {
        return new Late(
                all.late,
                late.getOrDefault(Awaited.FIRST_ATTEMPT, 0L),
                late.getOrDefault(Awaited.NEXT_ATTEMPT, 0L),
                late.getOrDefault(Awaited.BOUNCE, 0L),
                lateIds);
    }

    long countDeadLettered() {
        return deadLettered;
    }

    List<Unaccounted> unaccountedIds() {
        return unaccountedIds;
    }

    /** The hours that are worth showing, newest first. */
    List<Hour> hours(Totals totals, Instant now) {
        List<Hour> shown = new ArrayList<>();
        Instant oldest = now.minus(SHOWN);
        for (Map.Entry<Instant, Outcomes> hour :
                new TreeMap<>(totals.hours()).descendingMap().entrySet()) {
            Outcomes outcomes = hour.getValue();
            if (shown.size() < MOST_HOURS
                    && (hour.getKey().isAfter(oldest) || outcomes.open() > 0)) {
                Open open = hours.getOrDefault(hour.getKey(), new Open());
                shown.add(
                        new Hour(
                                hour.getKey(),
                                outcomes.accepted(),
                                outcomes.delivered(),
                                outcomes.bounced(),
                                outcomes.expired(),
                                outcomes.removed(),
                                open.queued,
                                settling(outcomes, open),
                                open.unaccounted,
                                open.late));
            }
        }
        return shown;
    }

    private Open hour(OpenRecipient one) {
        return hours.computeIfAbsent(one.acceptedIn(), _ -> new Open());
    }

    private static long settling(Outcomes outcomes, Open open) {
        return Math.max(0, outcomes.open() - open.queued - open.unaccounted);
    }

    /** Counts of recipients without an outcome. */
    private static final class Open {
        private long queued;
        private long late;
        private long unaccounted;
    }
}
