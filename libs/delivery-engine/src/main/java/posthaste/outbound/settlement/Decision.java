package posthaste.outbound.settlement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.Notice;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Tier;
import posthaste.mail.record.Topics;

/**
 * What an attempt leads to, before it is known where the body will lie: {@link #bodyNeededAt} says
 * until when records will name it, {@link #records} names it.
 *
 * @param causedAt as its notices bear it
 * @param deferral present while somebody is pending
 * @param told whom the bounce-service is to tell, by what it is to tell; never an empty list
 */
public record Decision(
        Job job,
        Event event,
        Instant causedAt,
        Optional<Deferral> deferral,
        Map<Notice.Action, List<Notice.Entry>> told) {

    /**
     * The next attempt.
     *
     * @param attempts made so far
     * @param position of the tier
     * @param dueAt as it is promised in the event
     * @param delayWarned whether a warning has gone out, this time included
     */
    public record Deferral(
            List<Integer> pending,
            int attempts,
            int position,
            Tier tier,
            Instant dueAt,
            boolean delayWarned) {
        public Deferral {
            pending = pending.stream().sorted().toList();
        }
    }

    public Decision {
        Map<Notice.Action, List<Notice.Entry>> copy = new EnumMap<>(Notice.Action.class);
        told.forEach((action, entries) -> copy.put(action, List.copyOf(entries)));
        told = copy;
    }

    /** When the last of the records that name the body is due; empty: none names it. */
    public Optional<Instant> bodyNeededAt() {
        return deferral.map(Deferral::dueAt)
                .or(() -> told.isEmpty() ? Optional.empty() : Optional.of(event.at()));
    }

    /** All that is to be durable before the job counts as settled. */
    public List<OutgoingRecord> records(BodyRef body) {
        List<OutgoingRecord> records = new ArrayList<>();
        deferral.ifPresent(next -> records.add(next(next, body)));
        told.forEach((action, entries) -> records.add(notice(action, entries, body)));
        records.add(OutgoingRecord.of(event));
        return records;
    }

    private OutgoingRecord next(Deferral next, BodyRef body) {
        return new OutgoingRecord(
                Topics.deferred(job.envelope().envelope().stream(), next.tier()),
                job.domain(),
                job.withBody(body)
                        .deferred(
                                next.pending(),
                                next.attempts(),
                                next.position(),
                                next.delayWarned()));
    }

    private OutgoingRecord notice(Notice.Action action, List<Notice.Entry> entries, BodyRef body) {
        return new OutgoingRecord(
                Topics.BOUNCE,
                job.mailId().value(),
                new Notice(
                        id(action, entries), job.envelope(), body, event.at(), causedAt, entries));
    }

    /**
     * Names the cause, so that a repeat is recognised: two attempts of a job tell the same of
     * different recipients, but never twice of one, delay warnings included.
     */
    private String id(Notice.Action action, List<Notice.Entry> entries) {
        return job.id()
                + "/"
                + action.name().toLowerCase(Locale.ROOT)
                + "/"
                + entries.stream()
                        .map(entry -> Integer.toString(entry.recipient()))
                        .collect(Collectors.joining(","));
    }
}
