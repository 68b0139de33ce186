package posthaste.ingest.policy;

import java.util.List;
import java.util.Optional;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.status.Reply;

/**
 * Who may have mail relayed (DESIGN 3, invariant 7): clients of trusted networks and who has logged
 * in anywhere, everyone else nowhere.
 */
public final class RelayPolicy implements SubmissionPolicy {
    private static final Optional<Reply> DENIED =
            Optional.of(new Reply(550, "5.7.1 relaying denied"));

    private final List<Network> trusted;

    public RelayPolicy(List<Network> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    @Override
    public Optional<Reply> recipient(Submission mail, EmailAddress recipient) {
        return mail.submitter().login().isPresent() || trusts(mail.submitter())
                ? Optional.empty()
                : DENIED;
    }

    /** Whether a client is of one of the networks. */
    public boolean trusts(Submitter submitter) {
        return trusted.stream().anyMatch(network -> network.contains(submitter.address()));
    }
}
