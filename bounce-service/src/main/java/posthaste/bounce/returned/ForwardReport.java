package posthaste.bounce.returned;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import posthaste.body.BodyCopier;
import posthaste.body.CorruptBodyException;
import posthaste.body.Generation;
import posthaste.body.MissingBodyException;
import posthaste.body.StoreUnavailableException;
import posthaste.bounce.returned.Matched.Told;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.Client;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Notify;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.envelope.Ret;
import posthaste.mail.envelope.Stream;
import posthaste.mail.record.BodyRef;
import posthaste.mail.record.EncodedEnvelope;
import posthaste.mail.record.Job;
import posthaste.mail.record.OutgoingRecord;
import posthaste.mail.record.Topics;
import posthaste.queue.PartUnavailableException;
import posthaste.service.flow.PoisonException;
import posthaste.service.verp.InboundProperties;
import posthaste.service.verp.ReturnAddresses;

/**
 * Step 3: passes reports on, byte for byte, as mails with a null reverse-path, so that nothing can
 * come back of them. What came to a return address is the sender's: without us it would have gone
 * to him.
 */
final class ForwardReport {
    private static final Notify NEVER = Notify.parse("NEVER");

    private final BodyCopier copier;
    private final InboundProperties properties;
    private final ReturnAddresses returnAddresses;

    ForwardReport(
            BodyCopier copier, InboundProperties properties, ReturnAddresses returnAddresses) {
        this.copier = copier;
        this.properties = properties;
        this.returnAddresses = returnAddresses;
    }

    /**
     * Makes the mails, their bodies durable.
     *
     * @throws PoisonException when the report is gone meanwhile
     * @throws PartUnavailableException when the store is away
     */
    Forwarded forwarded(Matched matched)
            throws PoisonException, PartUnavailableException, InterruptedException {
        SequencedSet<EmailAddress> to = new LinkedHashSet<>();
        if (matched.told().isEmpty()) {
            properties.unmatchedTo().ifPresent(to::add);
        } else if (cameToReturnAddress(matched.report())) {
            for (Told told : matched.told()) {
                properties.forwardTo(sender(told)).ifPresent(to::add);
            }
        }
        to.removeIf(this::leadsBackToUs);
        List<OutgoingRecord> records = new ArrayList<>();
        for (EmailAddress address : to) {
            records.add(mail(matched.report(), address));
        }
        return new Forwarded(matched, records);
    }

    private static Optional<EmailAddress> sender(Told told) {
        return told.mail().sender().isEmpty()
                ? Optional.empty()
                : Optional.of(EmailAddress.of(told.mail().sender()));
    }

    private boolean cameToReturnAddress(Report report) {
        return report.envelope().recipients().stream()
                .anyMatch(recipient ->
                        returnAddresses
                                .codec()
                                .flatMap(codec -> codec.read(recipient.address()))
                                .isPresent());
    }

    private boolean leadsBackToUs(EmailAddress address) {
        return properties.takesComplaints(address)
                || properties.takesReports(address)
                || returnAddresses.codec().filter(codec -> codec.isAtDomain(address)).isPresent();
    }

    private OutgoingRecord mail(Report report, EmailAddress to)
            throws PoisonException, PartUnavailableException, InterruptedException {
        Envelope original = report.envelope();
        Envelope envelope =
                new Envelope(
                        MailId.derived(original.acceptedAt(), original.id() + "/for/" + to),
                        Stream.DSN,
                        ReversePath.NULL,
                        List.of(new Recipient(to, NEVER, Optional.empty())),
                        Ret.NOT_GIVEN,
                        Optional.empty(),
                        original.bodyType(),
                        original.smtpUtf8() || to.needsSmtpUtf8(),
                        Client.LOCAL,
                        original.messageId());
        EncodedEnvelope encoded = EncodedEnvelope.of(envelope);
        try {
            BodyRef body = copier.copy(report.job().body(), encoded, Generation.PRIMARY);
            Job job = Job.first(encoded, body, 0, false);
            return new OutgoingRecord(Topics.outbound(Stream.DSN), job.domain(), job);
        } catch (MissingBodyException | CorruptBodyException e) {
            throw new PoisonException(e);
        } catch (StoreUnavailableException e) {
            throw new PartUnavailableException("a report cannot be passed on now", e);
        }
    }
}
