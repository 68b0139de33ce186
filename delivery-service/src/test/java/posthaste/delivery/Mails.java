package posthaste.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
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
import posthaste.mail.envelope.Handling;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Job;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Split;
import posthaste.mail.record.Topics;

/** Mails as ingest would accept them. */
final class Mails {
    static final String MESSAGE = "Subject: a test\r\n\r\nHello.\r\n";
    static final posthaste.mail.envelope.Stream TRANSACTIONAL =
            new posthaste.mail.envelope.Stream("transactional");

    private Mails() {}

    /** Stores the body, and makes the record that accepts the mail. */
    static OutgoingRecord accepted(BodyStore store, Instant at, String... recipients)
            throws Exception {
        return accepted(store, TRANSACTIONAL, at, recipients);
    }

    static OutgoingRecord accepted(
            BodyStore store,
            posthaste.mail.envelope.Stream stream,
            Instant at,
            String... recipients)
            throws Exception {
        return accepted(store, stream, at, Handling.ORDINARY, recipients);
    }

    /** The same, to be carried in a way of its own. */
    static OutgoingRecord accepted(
            BodyStore store,
            posthaste.mail.envelope.Stream stream,
            Instant at,
            Handling handling,
            String... recipients)
            throws Exception {
        Envelope envelope =
                new Envelope(
                                MailId.next(() -> at),
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
                                Optional.empty())
                        .handled(handling);
        EncodedEnvelope encoded = EncodedEnvelope.of(envelope);
        BodyRef body = stored(store, encoded);
        return new OutgoingRecord(
                Topics.outbound(stream),
                domains(recipients).getFirst(),
                Split.isNeededFor(envelope)
                        ? new Split(encoded, body)
                        : Job.first(envelope, body, 0, false));
    }

    private static BodyRef stored(BodyStore store, EncodedEnvelope envelope) throws Exception {
        try (BodyWriter writer = store.begin(Generation.PRIMARY, Duration.ofSeconds(1))) {
            byte[] message = MESSAGE.getBytes(StandardCharsets.US_ASCII);
            writer.write(message, 0, message.length);
            return writer.commit(
                    envelope.envelope().id().value(),
                    envelope.toByteArray(),
                    Duration.ofSeconds(10));
        }
    }

    private static List<String> domains(String... recipients) {
        return Arrays.stream(recipients)
                .map(address -> EmailAddress.of(address).asciiDomain())
                .toList();
    }
}
