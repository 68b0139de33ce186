package posthaste.ingest.policy.check;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import posthaste.ingest.policy.AddressPattern;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.status.Reply;

/** Senders and recipients that an operator names. Holds for everyone: an operator means it. */
public final class ListPolicy implements SubmissionPolicy {
    /** RFC 2606 section 2, 6761 section 6, 7686: no mail ever gets there. */
    private static final Set<String> RESERVED =
            Set.of("test", "example", "invalid", "localhost", "onion");

    private static final Reply SENDER_BLOCKED =
            new Reply(550, "5.7.1 mail of this sender is not taken here");
    private static final Reply RECIPIENT_BLOCKED =
            new Reply(550, "5.7.1 mail to this recipient is not taken here");
    private static final Reply RECIPIENT_RESERVED =
            new Reply(550, "5.1.2 no mail can be delivered to a reserved domain");

    private final Supplier<SenderChecks> senders;
    private final Supplier<RecipientChecks> recipients;

    public ListPolicy(Supplier<SenderChecks> senders, Supplier<RecipientChecks> recipients) {
        this.senders = senders;
        this.recipients = recipients;
    }

    @Override
    public Optional<Reply> sender(Submission mail) {
        SenderChecks checks = senders.get();
        return mail.reversePath() instanceof ReversePath.From(EmailAddress sender)
                        && matches(checks.block(), sender)
                        && !matches(checks.allow(), sender)
                ? Optional.of(SENDER_BLOCKED)
                : Optional.empty();
    }

    @Override
    public Optional<Reply> recipient(Submission mail, EmailAddress recipient) {
        RecipientChecks checks = recipients.get();
        if (matches(checks.block(), recipient)
                || !(checks.allow().isEmpty() || matches(checks.allow(), recipient))) {
            return Optional.of(RECIPIENT_BLOCKED);
        }
        return checks.refuseReserved() && isReserved(recipient.asciiDomain())
                ? Optional.of(RECIPIENT_RESERVED)
                : Optional.empty();
    }

    static boolean matches(List<AddressPattern> patterns, EmailAddress address) {
        return patterns.stream().anyMatch(pattern -> pattern.test(address));
    }

    private static boolean isReserved(String domain) {
        return RESERVED.contains(
                domain.substring(domain.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }
}
