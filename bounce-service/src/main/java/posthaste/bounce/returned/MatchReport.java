package posthaste.bounce.returned;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedSet;
import posthaste.bounce.deliverylog.LogUnavailableException;
import posthaste.bounce.deliverylog.LoggedOriginals;
import posthaste.bounce.deliverylog.LoggedOriginals.Original;
import posthaste.bounce.inbound.ReportedRecipient;
import posthaste.bounce.inbound.parse.ReportKind;
import posthaste.bounce.inbound.rules.BounceClass;
import posthaste.bounce.returned.Matched.Told;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.address.ReversePath;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.verp.ReturnAddress;
import posthaste.mail.verp.VerpCodec;
import posthaste.queue.PartUnavailableException;
import posthaste.service.verp.ReturnAddresses;

/**
 * Step 2: finds the mail and the recipient. The address that a report came to says both, whatever
 * stands in it. Without one it is searched for what only a copy of the mail bears: a return
 * address, our id, at last the Message-ID; and then it has to name a recipient of that very mail.
 */
final class MatchReport {
    private final LoggedOriginals originals;
    private final LogReading reading;
    private final ReturnAddresses returnAddresses;
    private final InstantSource clock;

    /** What is known so far; the rest may be in what the log has still to read. */
    private record Found(List<Told> told, boolean isAll) {}

    MatchReport(
            LoggedOriginals originals,
            LogReading reading,
            ReturnAddresses returnAddresses,
            InstantSource clock) {
        this.originals = originals;
        this.reading = reading;
        this.returnAddresses = returnAddresses;
        this.clock = clock;
    }

    /**
     * Matches.
     *
     * @throws PartUnavailableException when the log is away, or has not read of the mail yet
     */
    Matched match(Report report) throws PartUnavailableException, InterruptedException {
        try {
            SequencedSet<ReturnAddress> signed = new LinkedHashSet<>();
            for (Recipient recipient : report.envelope().recipients()) {
                read(recipient.address()).ifPresent(signed::add);
            }
            if (signed.isEmpty()) {
                signed.addAll(report.traces().returnAddresses());
            }
            Found found = find(report, signed);
            if (!found.isAll()) {
                reading.awaitAllAccepted();
                found = find(report, signed);
            }
            return new Matched(report, found.told());
        } catch (LogUnavailableException e) {
            throw new PartUnavailableException("reports wait for the delivery log", e);
        }
    }

    private Optional<ReturnAddress> read(EmailAddress address) {
        return returnAddresses.codec().flatMap(codec -> codec.read(address));
    }

    private Found find(Report report, SequencedSet<ReturnAddress> signed)
            throws LogUnavailableException {
        return signed.isEmpty() ? bySearch(report) : byAddress(report, signed);
    }

    private Found byAddress(Report report, SequencedSet<ReturnAddress> signed)
            throws LogUnavailableException {
        VerpCodec codec = returnAddresses.codec().orElseThrow();
        List<Told> told = new ArrayList<>();
        boolean isAll = true;
        for (ReturnAddress address : signed) {
            Optional<Original> mail = originals.byId(address.mail());
            isAll &= mail.isPresent();
            mail.flatMap(original ->
                            original.recipients().stream()
                                    .filter(recipient -> codec.isFor(address, recipient))
                                    .findFirst()
                                    .map(recipient ->
                                            new Told(
                                                    original,
                                                    recipient,
                                                    findingFor(report, recipient),
                                                    true)))
                    .ifPresent(told::add);
        }
        return new Found(told, isAll);
    }

    private Found bySearch(Report report) throws LogUnavailableException {
        Optional<String> messageId = report.content().originalMessageId();
        List<Told> told =
                found(report, messageId).map(mail -> toldOf(mail, report)).orElse(List.of());
        // Another mail may bear the same Message-ID, and this one be still to come.
        boolean isAll = !told.isEmpty() || (report.traces().ids().isEmpty() && messageId.isEmpty());
        return new Found(told, isAll);
    }

    private Optional<Original> found(Report report, Optional<String> messageId)
            throws LogUnavailableException {
        for (MailId id : report.traces().ids()) {
            Optional<Original> mail = originals.byId(id);
            if (mail.isPresent()) {
                return mail;
            }
        }
        return messageId.isEmpty()
                ? Optional.empty()
                : originals.byMessageId(
                        messageId.get(), clock.instant().minus(returnAddresses.maxAge()));
    }

    /** Of those whom the report names, and whom the mail was for. */
    private static List<Told> toldOf(Original mail, Report report) {
        List<Told> told = new ArrayList<>();
        for (ReportedRecipient finding : report.content().recipients()) {
            Optional<String> recipient =
                    finding.recipient().isPresent()
                            ? mail.recipients().stream()
                                    .filter(one -> isSame(one, finding.recipient().get()))
                                    .findFirst()
                            : Optional.of(mail.recipients())
                                    .filter(all -> all.size() == 1)
                                    .map(List::getFirst);
            recipient.ifPresent(one -> told.add(new Told(mail, one, finding, false)));
        }
        return told;
    }

    /** What the report says of one, or else the gravest that it says of anybody. */
    private static ReportedRecipient findingFor(Report report, String recipient) {
        List<ReportedRecipient> findings = report.content().recipients();
        return findings.stream()
                .filter(finding ->
                        finding.recipient().filter(r -> isSame(r, recipient)).isPresent())
                .findFirst()
                .or(() -> findings.stream().min(Comparator.comparing(ReportedRecipient::kind)))
                .filter(finding -> finding.kind() != ReportKind.NONE)
                .orElseGet(() -> unknown(report));
    }

    /** Something came back that nobody can make out: a machine's if it wants no answer. */
    private static ReportedRecipient unknown(Report report) {
        boolean isByMachine = report.envelope().reversePath() instanceof ReversePath.Null;
        return new ReportedRecipient(
                Optional.empty(),
                ReportKind.NONE,
                isByMachine ? BounceClass.UNSPECIFIC : BounceClass.AUTOREPLY,
                false,
                Optional.empty(),
                "");
    }

    private static boolean isSame(String one, String other) {
        return normal(one).equals(normal(other));
    }

    private static String normal(String address) {
        try {
            EmailAddress parsed = EmailAddress.parse(address);
            return parsed.localPart().toLowerCase(Locale.ROOT) + '@' + parsed.asciiDomain();
        } catch (InvalidAddressException e) {
            return address.toLowerCase(Locale.ROOT);
        }
    }
}
