package posthaste.ingest.policy.relay;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import posthaste.ingest.policy.Network;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.status.Reply;

/**
 * Who may have mail relayed on one listener (DESIGN 3, invariant 7): the trusted anywhere, everyone
 * else to the domains for which we take mail in.
 */
public final class RelayRightsPolicy implements SubmissionPolicy {
    private static final Optional<Reply> DENIED =
            Optional.of(
                    new Reply(
                            550,
                            "5.7.1 relaying denied: log in, or send from a network that may relay"));

    private final Supplier<RelayRules> rules;
    private final List<Network> configured;

    /**
     * Takes rules that may change.
     *
     * @param configured the listener's trusted networks, for rights that name none
     */
    public RelayRightsPolicy(Supplier<RelayRules> rules, List<Network> configured) {
        this.rules = rules;
        this.configured = List.copyOf(configured);
    }

    /** Whether a submitter may have mail relayed to anywhere. */
    public boolean isTrusted(Submitter submitter) {
        return rules.get().of(submitter.listener()).include(submitter, configured);
    }

    @Override
    public Optional<Reply> recipient(Submission mail, EmailAddress recipient) {
        return isTrusted(mail.submitter()) || rules.get().takeIn(recipient)
                ? Optional.empty()
                : DENIED;
    }
}
