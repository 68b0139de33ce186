package posthaste.bounce.salvage;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import posthaste.body.BodyStore;
import posthaste.body.BodyWriter;
import posthaste.body.BudgetExhaustedException;
import posthaste.body.Generation;
import posthaste.body.StoreUnavailableException;
import posthaste.bounce.deliverylog.LoggedMail;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.BodyType;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;

/**
 * Stands in for a message that is gone, so that its sender can be told at least: an envelope of
 * what the log knows, and a header section that says which message it was. What the client asked
 * for by NOTIFY and RET is not in the log.
 */
final class Reconstruction {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What may be written into a header as it is. */
    private static final Pattern PLAIN = Pattern.compile("[\\x20-\\x7e]{1,900}");

    private final BodyStore store;

    Reconstruction(BodyStore store) {
        this.store = store;
    }

    /**
     * Stores it.
     *
     * @throws MessageGoneException when the log has never read the mail's acceptance
     */
    Piece of(MailId id, LoggedMail mail, List<String> addresses)
            throws MessageGoneException, StoreUnavailableException, InterruptedException {
        LoggedMail.LoggedEnvelope known =
                mail.envelope()
                        .orElseThrow(() ->
                                new MessageGoneException(
                                        "Neither the message nor its sender is known any more. It"
                                                + " can only be removed."));
        EncodedEnvelope envelope = EncodedEnvelope.of(envelope(id, known, addresses));
        byte[] header = header(known).getBytes(StandardCharsets.US_ASCII);
        try (BodyWriter writer = store.begin(Generation.DEFERRED, PATIENCE)) {
            writer.write(header, 0, header.length);
            BodyRef body = writer.commit(id.value(), envelope.toByteArray(), PATIENCE);
            return new Piece(envelope, body);
        } catch (BudgetExhaustedException e) {
            throw new StoreUnavailableException("no memory to store a notification's header", e);
        }
    }

    private static Envelope envelope(
            MailId id, LoggedMail.LoggedEnvelope known, List<String> addresses)
            throws MessageGoneException {
        try {
            return new Envelope(
                    id,
                    new Stream(known.stream()),
                    ReversePath.parse(known.sender()),
                    addresses.stream()
                            .map(address -> new Recipient(EmailAddress.of(address)))
                            .toList(),
                    Ret.NOT_GIVEN,
                    known.envid(),
                    BodyType.SEVEN_BIT,
                    false,
                    new Client(known.clientAddress(), known.clientHelo(), known.clientLogin()),
                    known.messageId());
        } catch (InvalidAddressException | IllegalArgumentException e) {
            throw new MessageGoneException(
                    "The message is gone, and what the log knows is no envelope: "
                            + e.getMessage());
        }
    }

    private static String header(LoggedMail.LoggedEnvelope known) {
        return known.messageId()
                        .filter(messageId -> PLAIN.matcher(messageId).matches())
                        .map(messageId -> "Message-ID: " + messageId + "\r\n")
                        .orElse("")
                + "Comments: This relay has lost the message; this is what its log knows.\r\n\r\n";
    }
}
