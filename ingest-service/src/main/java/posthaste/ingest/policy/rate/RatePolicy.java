package posthaste.ingest.policy.rate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.status.Reply;

/**
 * Holds parties to their limits. At MAIL and RCPT it only looks, so that a mail that is refused
 * later has cost nothing; what is accepted is charged at the end of its message. Sessions are
 * charged as they begin. An instance that came from {@link #session} serves one session.
 */
public final class RatePolicy implements SubmissionPolicy {
    private final Quotas quotas;
    private final List<Quotas.Holding> entered = new ArrayList<>();
    private final Set<String> counted = new HashSet<>();

    public RatePolicy(Quotas quotas) {
        this.quotas = quotas;
    }

    @Override
    public SubmissionPolicy session() {
        return new RatePolicy(quotas);
    }

    @Override
    public void ended() {
        entered.forEach(quotas::leave);
        entered.clear();
    }

    @Override
    public Optional<Reply> client(Submitter submitter) {
        return begin(Party.of(submitter), 421);
    }

    @Override
    public Optional<Reply> sender(Submission mail) {
        Party party = Party.of(mail.submitter(), mail.reversePath());
        Optional<Reply> refusal = begin(party, 450);
        if (refusal.isPresent()) {
            return refusal;
        }
        return quotas.look(party, Measure.MESSAGES, 1)
                .or(() -> quotas.look(party, Measure.RECIPIENTS, 1))
                .or(() -> quotas.look(party, Measure.BYTES, Math.max(1, mail.declaredOctets())))
                .map(RatePolicy::refused);
    }

    @Override
    public Optional<Reply> recipient(Submission mail, EmailAddress recipient) {
        Party party = Party.of(mail.submitter(), mail.reversePath());
        List<Quotas.Holding> holding = quotas.of(party);
        if (holding.isEmpty()
                || mail.recipients().stream().anyMatch(r -> r.address().equals(recipient))) {
            return Optional.empty();
        }
        int wanted = mail.recipients().size() + 1;
        for (Quotas.Holding each : holding) {
            if (wanted > each.rule().recipientsPerMail().orElse(Integer.MAX_VALUE)) {
                return Optional.of(
                        new Reply(
                                452,
                                "4.5.3 a mail may have "
                                        + each.rule().recipientsPerMail().orElseThrow()
                                        + " recipients, send it again for the others"));
            }
        }
        return quotas.look(party, Measure.RECIPIENTS, wanted)
                .map(exceeded ->
                        wanted == 1
                                ? refused(exceeded)
                                : new Reply(452, "4.5.3 " + exceeded.sentence()));
    }

    /** The session's part: an address at once, a login or domain with its first mail. */
    private Optional<Reply> begin(Party party, int code) {
        for (Quotas.Holding each : quotas.of(party)) {
            if (!counted.add(each.rule().name() + ' ' + each.holder())) {
                continue;
            }
            Optional<Reply> refusal = begin(each, code);
            if (refusal.isPresent()) {
                counted.remove(each.rule().name() + ' ' + each.holder());
                return refusal;
            }
        }
        return Optional.empty();
    }

    private Optional<Reply> begin(Quotas.Holding holding, int code) {
        return switch (quotas.takeSession(holding)) {
            case Charge.Refused(Exceeded why) ->
                    Optional.of(new Reply(code, "4.7.1 " + why.sentence()));
            case Charge.Made made -> {
                if (quotas.enter(holding)) {
                    entered.add(holding);
                    yield Optional.empty();
                }
                made.giveBack();
                yield Optional.of(
                        new Reply(
                                code,
                                "4.7.1 at most "
                                        + holding.rule().concurrentSessions().orElseThrow()
                                        + " sessions at the same time for each "
                                        + holding.rule().per()
                                        + ", come again when one has ended"));
            }
        };
    }

    /** As a reply to what could come again later, or to what is too much at any time. */
    public static Reply refused(Exceeded exceeded) {
        return exceeded.comeAgain().isEmpty() && exceeded.measure() == Measure.BYTES
                ? new Reply(552, "5.3.4 " + exceeded.sentence())
                : new Reply(
                        exceeded.measure() == Measure.RECIPIENTS ? 450 : 451,
                        "4.7.1 " + exceeded.sentence());
    }
}
