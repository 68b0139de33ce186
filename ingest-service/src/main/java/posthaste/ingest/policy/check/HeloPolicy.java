package posthaste.ingest.policy.check;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.policy.dns.PolicyDns;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.Domains;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.InvalidAddressException;
import posthaste.mail.status.Reply;

/**
 * What a stranger calls itself. Its form is looked at with MAIL; whether it exists at the first
 * recipient that may be mailed.
 */
public final class HeloPolicy implements SubmissionPolicy {
    private static final Reply NO_FULL_NAME =
            new Reply(550, "5.7.1 say a full host name or an address literal in EHLO");
    private static final Reply OUR_NAME =
            new Reply(550, "5.7.1 say your own name in EHLO, not ours");
    private static final Reply UNKNOWN =
            new Reply(550, "5.7.1 the name that you say in EHLO does not exist");

    private final Supplier<HeloChecks> checks;
    private final Predicate<Submitter> trusted;
    private final String ourName;
    private final PolicyDns dns;

    private record Judged(String helo, Optional<Reply> verdict) {}

    private volatile @Nullable Judged judged;

    /**
     * Takes checks that may change.
     *
     * @param ourName as the listener greets
     */
    public HeloPolicy(
            Supplier<HeloChecks> checks,
            Predicate<Submitter> trusted,
            String ourName,
            PolicyDns dns) {
        this.checks = checks;
        this.trusted = trusted;
        this.ourName = ourName;
        this.dns = dns;
    }

    @Override
    public SubmissionPolicy session() {
        return new HeloPolicy(checks, trusted, ourName, dns);
    }

    @Override
    public Optional<Reply> sender(Submission mail) {
        HeloChecks now = checks.get();
        if (!(now.fullName() || now.notOurs()) || trusted.test(mail.submitter())) {
            return Optional.empty();
        }
        String helo = mail.submitter().helo();
        if (now.notOurs() && helo.equalsIgnoreCase(ourName)) {
            return Optional.of(OUR_NAME);
        }
        return now.fullName() && !isFullName(helo) ? Optional.of(NO_FULL_NAME) : Optional.empty();
    }

    @Override
    public Optional<Reply> recipient(Submission mail, EmailAddress recipient) {
        String helo = mail.submitter().helo();
        if (!checks.get().exists() || helo.startsWith("[") || trusted.test(mail.submitter())) {
            return Optional.empty();
        }
        Judged before = judged;
        if (before != null && before.helo().equals(helo)) {
            return before.verdict();
        }
        Optional<Reply> verdict = look(helo);
        judged = new Judged(helo, verdict);
        return verdict;
    }

    /** A name that cannot be looked up passes: it is the weakest of all signs. */
    private Optional<Reply> look(String helo) {
        if (!isFullName(helo)) {
            return Optional.of(UNKNOWN);
        }
        return switch (new DomainCheck(dns).of(Domains.toAscii(helo))) {
            case TAKES_MAIL, NULL_MX, UNANSWERED -> Optional.empty();
            case UNKNOWN -> Optional.of(UNKNOWN);
        };
    }

    private static boolean isFullName(String helo) {
        String name = helo.toLowerCase(Locale.ROOT);
        try {
            Domains.check(name);
        } catch (InvalidAddressException e) {
            return false;
        }
        // An IPv4 address without brackets is no name.
        return name.startsWith("[") || (name.indexOf('.') > 0 && !name.matches("[0-9.]+"));
    }
}
