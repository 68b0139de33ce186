package posthaste.bounce;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import posthaste.bounce.dsn.Audience;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.Notice;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Topics;
import posthaste.queue.Settlement;

/**
 * The records that an answer leads to: the notification's job, and one event with the end of every
 * recipient's story (DESIGN 3, invariant 2). All of them are durable before the notice is settled.
 */
final class BounceSettlement {
    private final InstantSource clock;

    BounceSettlement(InstantSource clock) {
        this.clock = clock;
    }

    Settlement settle(Answer answer) {
        return switch (answer) {
            case Answer.Told(Audience audience, Job dsn) -> {
                List<OutgoingRecord> records = new ArrayList<>();
                records.add(new OutgoingRecord(Topics.outbound(Stream.DSN), dsn.domain(), dsn));
                records.addAll(events(audience, Optional.of(dsn.mailId())));
                yield Settlement.of(records);
            }
            case Answer.Untold(Audience audience) ->
                    Settlement.of(events(audience, Optional.empty()));
        };
    }

    private List<OutgoingRecord> events(Audience audience, Optional<MailId> dsn) {
        Notice notice = audience.notice();
        List<Event.Entry> entries = new ArrayList<>();
        for (Notice.Entry told : audience.told()) {
            entries.add(entry(notice, told, told.reason(), dsn));
        }
        for (Audience.Untold untold : audience.untold()) {
            // Of a warning or a success that nobody asked for there is nothing to record.
            if (kind(untold.entry().action()).isFinal()) {
                String reason = "no DSN: " + untold.silence().words();
                entries.add(entry(notice, untold.entry(), reason, Optional.empty()));
            }
        }
        if (entries.isEmpty()) {
            return List.of();
        }
        MailId id = notice.mailId();
        Event event = new Event(id, now(notice), Optional.empty(), entries);
        return List.of(OutgoingRecord.of(event.inStream(notice.envelope().envelope().stream())));
    }

    /** Never before its cause, however the clocks of two machines differ. */
    private Instant now(Notice notice) {
        Instant now = clock.instant();
        return now.isBefore(notice.decidedAt()) ? notice.decidedAt() : now;
    }

    private static Event.Entry entry(
            Notice notice, Notice.Entry entry, String reason, Optional<MailId> dsn) {
        Recipient recipient = notice.envelope().envelope().recipients().get(entry.recipient());
        return new Event.Entry(
                recipient.address().toString(),
                kind(entry.action()),
                entry.status(),
                entry.reply(),
                reason,
                Optional.empty(),
                false,
                dsn);
    }

    private static Event.Kind kind(Notice.Action action) {
        return switch (action) {
            case FAILED -> Event.Kind.BOUNCED;
            case EXPIRED -> Event.Kind.EXPIRED;
            case DELAYED, RELAYED -> Event.Kind.DELAY_WARNED;
        };
    }
}
