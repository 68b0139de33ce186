package posthaste.ingest.policy.check;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.policy.dns.PolicyDns;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.status.Reply;

/**
 * A sender's domain must be one that a bounce could reach. Asked at the first recipient that may be
 * mailed, so that nobody makes us ask DNS who has no rights; once a sender and session.
 */
public final class SenderDomainPolicy implements SubmissionPolicy {
    private static final Reply UNKNOWN =
            new Reply(550, "5.1.8 the sender's domain does not exist or has no mail host");
    private static final Reply NULL_MX =
            new Reply(550, "5.7.27 the sender's domain takes no mail (null MX)");
    private static final Reply UNANSWERED =
            new Reply(451, "4.4.3 the sender's domain cannot be looked up now, try again later");

    private final Supplier<SenderChecks> checks;
    private final Predicate<Submitter> trusted;
    private final PolicyDns dns;

    private record Judged(EmailAddress sender, Optional<Reply> verdict) {}

    private volatile @Nullable Judged judged;

    public SenderDomainPolicy(
            Supplier<SenderChecks> checks, Predicate<Submitter> trusted, PolicyDns dns) {
        this.checks = checks;
        this.trusted = trusted;
        this.dns = dns;
    }

    @Override
    public SubmissionPolicy session() {
        return new SenderDomainPolicy(checks, trusted, dns);
    }

    @Override
    public Optional<Reply> recipient(Submission mail, EmailAddress recipient) {
        SenderChecks now = checks.get();
        if (!(mail.reversePath() instanceof ReversePath.From(EmailAddress sender))
                || sender.hasAddressLiteral()
                || ListPolicy.matches(now.allow(), sender)) {
            return Optional.empty();
        }
        return switch (now.domainExists()) {
            case NOBODY -> Optional.empty();
            case STRANGERS ->
                    trusted.test(mail.submitter()) ? Optional.empty() : judge(sender, now);
            case EVERYONE -> judge(sender, now);
        };
    }

    private Optional<Reply> judge(EmailAddress sender, SenderChecks now) {
        Judged before = judged;
        if (before != null && before.sender().equals(sender)) {
            return before.verdict();
        }
        Optional<Reply> verdict = look(sender, now);
        judged = new Judged(sender, verdict);
        return verdict;
    }

    private Optional<Reply> look(EmailAddress sender, SenderChecks now) {
        return switch (new DomainCheck(dns).of(sender.asciiDomain())) {
            case TAKES_MAIL -> Optional.empty();
            case NULL_MX -> Optional.of(NULL_MX);
            case UNKNOWN -> Optional.of(UNKNOWN);
            case UNANSWERED ->
                    now.onDnsFailure() == DnsFailure.PASS
                            ? Optional.empty()
                            : Optional.of(UNANSWERED);
        };
    }
}
