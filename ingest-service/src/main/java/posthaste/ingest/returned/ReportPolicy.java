package posthaste.ingest.returned;

import java.util.List;
import java.util.Optional;
import posthaste.ingest.message.MessageHeader;
import posthaste.ingest.policy.Haste;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.returned.ReportAddresses.Verdict;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.envelope.Recipient;
import posthaste.mail.status.Reply;

/**
 * Lets reports in past those who may relay, which is nobody's concern here: they end with us. One
 * mail is either a report or to be relayed, since one record accepts it (DESIGN 3, invariant 1):
 * who names both is asked to send the second part by itself, as with too many recipients (RFC 5321
 * section 4.5.3.1.10).
 */
public final class ReportPolicy implements SubmissionPolicy {
    private static final Optional<Reply> APART =
            Optional.of(
                    new Reply(
                            452,
                            "4.5.3 reports and other mail are taken apart,"
                                    + " send it again for this recipient"));

    private final SubmissionPolicy others;
    private final ReportAddresses addresses;

    /**
     * Takes what decides about all else.
     *
     * @param others asked about everything but recipients that are reports
     */
    public ReportPolicy(SubmissionPolicy others, ReportAddresses addresses) {
        this.others = others;
        this.addresses = addresses;
    }

    @Override
    public SubmissionPolicy session() {
        return new ReportPolicy(others.session(), addresses);
    }

    @Override
    public void ended() {
        others.ended();
    }

    @Override
    public Optional<Haste> haste(Submitter submitter) {
        return others.haste(submitter);
    }

    @Override
    public Optional<Reply> client(Submitter submitter) {
        return others.client(submitter);
    }

    @Override
    public Optional<Reply> sender(Submission mail) {
        return others.sender(mail);
    }

    @Override
    public Optional<Reply> recipient(Submission mail, EmailAddress recipient) {
        Verdict verdict = addresses.judge(recipient);
        if (verdict == Verdict.OTHER) {
            Optional<Reply> refusal = others.recipient(mail, recipient);
            return refusal.isEmpty() && hasReports(mail.recipients()) ? APART : refusal;
        }
        boolean isMixed = !mail.recipients().isEmpty() && !hasReports(mail.recipients());
        return verdict == Verdict.TAKEN && isMixed ? APART : addresses.refusal(verdict);
    }

    @Override
    public Optional<Reply> header(Submission mail, MessageHeader header) {
        return others.header(mail, header);
    }

    /** The first says it for all: whoever came after was of his kind, or was refused. */
    private boolean hasReports(List<Recipient> recipients) {
        return !recipients.isEmpty()
                && addresses.judge(recipients.getFirst().address()) != Verdict.OTHER;
    }
}
