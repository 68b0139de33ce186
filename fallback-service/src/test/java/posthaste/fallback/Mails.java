package posthaste.fallback;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import posthaste.body.BodyStore;
import posthaste.body.BodyWriter;
import posthaste.body.Generation;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Job;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Tier;
import posthaste.mail.record.Topics;

/** Jobs as delivery-service would defer them. */
final class Mails {
    static final String MESSAGE = "Subject: a test\r\n\r\nHello.\r\n";

    private Mails() {}

    /** Stores the body, and makes the record that the first attempt would have left. */
    static OutgoingRecord deferred(
            BodyStore store, Tier tier, Instant acceptedAt, String... recipients) throws Exception {
        return deferred(
                posthaste.mail.envelope.Stream.TRANSACTIONAL, store, tier, acceptedAt, recipients);
    }

    /** The same of a stream. */
    static OutgoingRecord deferred(
            posthaste.mail.envelope.Stream stream,
            BodyStore store,
            Tier tier,
            Instant acceptedAt,
            String... recipients)
            throws Exception {
        Envelope envelope =
                new Envelope(
                        MailId.next(() -> acceptedAt),
                        stream,
                        new ReversePath.From(EmailAddress.of("sender@example.com")),
                        Stream.of(recipients)
                                .map(address -> new Recipient(EmailAddress.of(address)))
                                .toList(),
                        Ret.NOT_GIVEN,
                        Optional.empty(),
                        BodyType.SEVEN_BIT,
                        false,
                        Client.LOCAL,
                        Optional.empty());
        Job first = Job.first(envelope, stored(store, envelope), 0, false);
        return new OutgoingRecord(
                Topics.deferred(stream, tier),
                first.domain(),
                first.deferred(first.pending(), 1, 1, false));
    }

    /** The record that holding a mail has left on a tier. */
    static OutgoingRecord held(BodyStore store, Tier tier, Instant until, String recipient)
            throws Exception {
        OutgoingRecord tried = deferred(store, tier, until.minusSeconds(1), recipient);
        Job job = (Job) tried.content();
        Envelope envelope =
                job.envelope()
                        .envelope()
                        .handled(Handling.ORDINARY.stoppingAt(new FirstStop.Hold(until)));
        Job held = Job.first(envelope, job.body(), 0, false);
        return new OutgoingRecord(
                tried.topic(), held.domain(), held.deferred(held.pending(), 0, 1, false));
    }

    private static BodyRef stored(BodyStore store, Envelope envelope) throws Exception {
        try (BodyWriter writer = store.begin(Generation.PRIMARY, Duration.ofSeconds(1))) {
            byte[] message = MESSAGE.getBytes(StandardCharsets.US_ASCII);
            writer.write(message, 0, message.length);
            return writer.commit(
                    envelope.id().value(),
                    EncodedEnvelope.of(envelope).toByteArray(),
                    Duration.ofSeconds(10));
        }
    }
}
