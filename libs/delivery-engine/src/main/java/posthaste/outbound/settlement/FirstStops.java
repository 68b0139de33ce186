package posthaste.outbound.settlement;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Topics;
import posthaste.mail.status.EnhancedStatusCode;

/**
 * Decides where a job goes before its first attempt. Waiting there is no attempt: nothing is
 * counted, nobody is warned, and the schedule of attempts begins afterwards as for a fresh mail.
 */
public final class FirstStops {
    /** Other or undefined network or routing status: nothing is wrong, it just is not time. */
    private static final EnhancedStatusCode NOT_YET = new EnhancedStatusCode(4, 4, 0);

    /** Delivery not authorized, message refused: not now, and not by a host. */
    private static final EnhancedStatusCode SET_ASIDE = new EnhancedStatusCode(4, 7, 1);

    private final RetryPolicy policy;
    private final InstantSource clock;
    private final String instance;

    /**
     * Takes what does not change from job to job.
     *
     * @param instance our name in events
     */
    public FirstStops(RetryPolicy policy, InstantSource clock, String instance) {
        this.policy = policy;
        this.clock = clock;
        this.instance = instance;
    }

    /**
     * The stop that is still before a job; {@link FirstStop.Attempt} when none is, or no longer. A
     * job that stands on a tier has passed a stop that is a place; one that is a time is passed
     * when the time is. So both hold also for a job that a crash made twice.
     */
    public FirstStop before(Job job) {
        FirstStop wanted = job.envelope().envelope().handling().firstStop();
        boolean passed =
                switch (wanted) {
                    case FirstStop.Attempt() -> true;
                    case FirstStop.Fallback(), FirstStop.Quarantine(_) -> job.tier() > 0;
                    case FirstStop.Hold(Instant until) -> !now().isBefore(until);
                };
        return passed ? new FirstStop.Attempt() : wanted;
    }

    /** To the first tier, as if another host had tried it once. */
    public Decision toFallback(Job job) {
        return waitingOn(1, job, now(), "given to fallback at once");
    }

    /**
     * To the longest tier that does not overshoot, again and again, and for less than the shortest
     * one to that: so a mail is released at most the shortest delay after its time.
     */
    public Decision held(Job job, Instant until) {
        Instant now = now();
        return waitingOn(
                policy.within(Duration.between(now, until)),
                job,
                now,
                "held until " + until.truncatedTo(ChronoUnit.SECONDS));
    }

    /**
     * Set aside; the event promises the next one for when that is over.
     *
     * @param job with a body that may be named there
     */
    public List<OutgoingRecord> quarantined(Job job, String reason, Duration time) {
        Instant now = now();
        List<Event.Entry> entries =
                job.pendingRecipients().stream()
                        .map(recipient ->
                                new Event.Entry(
                                        recipient.address().toString(),
                                        Event.Kind.QUARANTINED,
                                        SET_ASIDE,
                                        Optional.empty(),
                                        reason,
                                        Optional.of(now.plus(time)),
                                        false,
                                        Optional.empty()))
                        .toList();
        Job kept = job.deferred(job.pending(), job.attempts(), 0, job.delayWarned());
        return List.of(
                new OutgoingRecord(Topics.QUARANTINE, job.mailId().value(), kept),
                OutgoingRecord.of(
                        new Event(job.mailId(), now, Optional.empty(), entries)
                                .inStream(job.envelope().envelope().stream())));
    }

    private Decision waitingOn(int position, Job job, Instant now, String reason) {
        Instant dueAt = now.plus(policy.tier(position).delay());
        Event event =
                new Event(
                        job.mailId(),
                        now,
                        Optional.of(
                                new Event.Attempt(job.attempts(), job.id(), instance, noHost(job))),
                        entries(job, reason, dueAt),
                        Optional.of(job.envelope().envelope().stream()));
        return new Decision(
                job,
                event,
                now,
                Optional.of(
                        new Decision.Deferral(
                                job.pending(),
                                job.attempts(),
                                position,
                                policy.tier(position),
                                dueAt,
                                job.delayWarned())),
                Map.of());
    }

    private static List<Event.Entry> entries(Job job, String reason, Instant dueAt) {
        return job.pendingRecipients().stream()
                .map(Recipient::address)
                .map(address ->
                        new Event.Entry(
                                address.toString(),
                                Event.Kind.DEFERRED,
                                NOT_YET,
                                Optional.empty(),
                                reason,
                                Optional.of(dueAt),
                                false,
                                Optional.empty()))
                .toList();
    }

    private AttemptDetails noHost(Job job) {
        return new AttemptDetails(job.domain(), "", "", "", "", now(), Duration.ZERO);
    }

    /** Records bear milliseconds; what is decided on and what is read again are the same. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
