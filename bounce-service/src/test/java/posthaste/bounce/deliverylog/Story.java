package posthaste.bounce.deliverylog;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.outcome.Conversation;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Event;
import posthaste.mail.record.Job;
import posthaste.mail.record.MailRecord;
import posthaste.mail.record.Split;
import posthaste.mail.status.EnhancedStatusCode;
import posthaste.mail.status.Reply;
import posthaste.queue.QueuedRecord;

/** Makes the records of a mail's life for tests. */
public final class Story {
    private final Envelope envelope;

    private Story(Envelope envelope) {
        this.envelope = envelope;
    }

    /** A mail whose id is derived from all that is given. */
    public static Story of(Instant acceptedAt, String sender, String... recipients) {
        String cause = acceptedAt + sender + String.join(",", recipients);
        ReversePath from =
                sender.isEmpty() ? ReversePath.NULL : new ReversePath.From(EmailAddress.of(sender));
        List<Recipient> to = new ArrayList<>();
        for (String recipient : recipients) {
            to.add(new Recipient(EmailAddress.of(recipient)));
        }
        return new Story(
                new Envelope(
                        MailId.derived(acceptedAt, cause),
                        new Stream("transactional"),
                        from,
                        to,
                        Ret.NOT_GIVEN,
                        Optional.empty(),
                        BodyType.EIGHT_BIT_MIME,
                        false,
                        new Client("127.0.0.1", "app.example.com", Optional.empty()),
                        Optional.of("<1@app.example.com>")));
    }

    public MailId id() {
        return envelope.id();
    }

    public Envelope envelope() {
        return envelope;
    }

    /** The record that accepts it. */
    public MailRecord acceptance() {
        BodyRef body = new BodyRef("primary/1/a", 0, 1234, 0);
        return Split.isNeededFor(envelope)
                ? new Split(EncodedEnvelope.of(envelope), body)
                : Job.first(envelope, body, 0, false);
    }

    public Event delivered(String recipient, int attempt, Instant at) {
        return attempted(
                recipient, Event.Kind.DELIVERED, "2.0.0", 250, "2.0.0 Ok", attempt, at, null);
    }

    public Event deferred(String recipient, int attempt, Instant at, Instant next) {
        return attempted(
                recipient,
                Event.Kind.DEFERRED,
                "4.2.2",
                452,
                "4.2.2 mailbox full",
                attempt,
                at,
                next);
    }

    public Event failed(String recipient, int attempt, Instant at) {
        return attempted(
                recipient,
                Event.Kind.FAILED,
                "5.1.1",
                550,
                "5.1.1 no such user",
                attempt,
                at,
                null);
    }

    /** An end that is not an attempt's. */
    public Event end(String recipient, Event.Kind kind, Instant at) {
        return new Event(
                id(),
                at,
                Optional.empty(),
                List.of(
                        new Event.Entry(
                                recipient,
                                kind,
                                EnhancedStatusCode.parse("5.1.1"),
                                Optional.of(new Reply(550, "5.1.1 no such user")),
                                "The mailbox does not exist.",
                                Optional.empty(),
                                false,
                                Optional.of(MailId.derived(at, "dsn")))));
    }

    private Event attempted(
            String recipient,
            Event.Kind kind,
            String status,
            int code,
            String text,
            int attempt,
            Instant at,
            Instant next) {
        return new Event(
                id(),
                at,
                Optional.of(
                        new Event.Attempt(
                                attempt,
                                id() + ".0",
                                "test-1",
                                new AttemptDetails(
                                        "example.org",
                                        "192.0.2.7",
                                        "mx1.example.org",
                                        "192.0.2.1:25",
                                        "TLSv1.3 TLS_AES_256_GCM_SHA384",
                                        at.minusMillis(120),
                                        Duration.ofMillis(120)))),
                List.of(
                        new Event.Entry(
                                recipient,
                                kind,
                                EnhancedStatusCode.parse(status),
                                Optional.of(new Reply(code, text)),
                                "",
                                Optional.ofNullable(next),
                                false,
                                Optional.empty())));
    }

    /** The same event, with what was said at its attempt. */
    public static Event saying(Event event, Conversation said) {
        Event.Attempt attempt = event.attempt().orElseThrow();
        AttemptDetails details = attempt.details();
        return new Event(
                event.mailId(),
                event.at(),
                Optional.of(
                        new Event.Attempt(
                                attempt.number(),
                                attempt.jobId(),
                                attempt.instance(),
                                new AttemptDetails(
                                        details.destination(),
                                        details.sourceAddress(),
                                        details.remoteHost(),
                                        details.remoteAddress(),
                                        details.tls(),
                                        details.startedAt(),
                                        details.duration(),
                                        said))),
                event.entries(),
                event.stream());
    }

    /** As they stand on a topic from {@code offset} on. */
    public static List<QueuedRecord> on(
            String topic, int partition, long offset, List<? extends MailRecord> records) {
        List<QueuedRecord> queued = new ArrayList<>();
        for (MailRecord record : records) {
            queued.add(
                    new QueuedRecord(
                            topic,
                            partition,
                            offset + queued.size(),
                            record.mailId().acceptedAt(),
                            record));
        }
        return queued;
    }
}
