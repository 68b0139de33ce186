package posthaste.ingest.policy;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import posthaste.ingest.message.MessageHeader;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.status.Reply;

/** Policies one after another; the first refusal stands. */
public final class AllPolicies implements SubmissionPolicy {
    private final List<SubmissionPolicy> policies;

    public AllPolicies(List<SubmissionPolicy> policies) {
        this.policies = List.copyOf(policies);
    }

    @Override
    public SubmissionPolicy session() {
        return new AllPolicies(policies.stream().map(SubmissionPolicy::session).toList());
    }

    @Override
    public void ended() {
        policies.forEach(SubmissionPolicy::ended);
    }

    @Override
    public Optional<Haste> haste(Submitter submitter) {
        return policies.stream()
                .map(policy -> policy.haste(submitter))
                .flatMap(Optional::stream)
                .findFirst();
    }

    @Override
    public Optional<Reply> client(Submitter submitter) {
        return first(policy -> policy.client(submitter));
    }

    @Override
    public Optional<Reply> sender(Submission mail) {
        return first(policy -> policy.sender(mail));
    }

    @Override
    public Optional<Reply> recipient(Submission mail, EmailAddress recipient) {
        return first(policy -> policy.recipient(mail, recipient));
    }

    @Override
    public Optional<Reply> header(Submission mail, MessageHeader header) {
        return first(policy -> policy.header(mail, header));
    }

    private Optional<Reply> first(Function<SubmissionPolicy, Optional<Reply>> question) {
        return policies.stream().map(question).flatMap(Optional::stream).findFirst();
    }
}
