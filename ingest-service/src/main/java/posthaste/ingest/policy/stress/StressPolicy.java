package posthaste.ingest.policy.stress;

import java.util.Optional;
import java.util.function.Predicate;
import posthaste.ingest.policy.Haste;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.status.Reply;

/**
 * Sends away before memory, sessions, disk or files run out: strangers first. One who may yet log
 * in is a stranger until then, so a listener for logins lets sessions begin and asks at MAIL.
 */
public final class StressPolicy implements SubmissionPolicy {
    private static final Optional<Reply> GO =
            Optional.of(new Reply(421, "4.3.2 too busy now, come again in a few minutes"));
    private static final Optional<Reply> WAIT =
            Optional.of(new Reply(452, "4.3.1 too busy now, come again in a minute"));

    private final Stress stress;
    private final Predicate<Submitter> trusted;
    private final boolean forLogins;

    /**
     * Takes what it needs to know of a listener.
     *
     * @param trusted who may relay
     * @param forLogins whether a client may become trusted by logging in
     */
    public StressPolicy(Stress stress, Predicate<Submitter> trusted, boolean forLogins) {
        this.stress = stress;
        this.trusted = trusted;
        this.forLogins = forLogins;
    }

    @Override
    public Optional<Reply> client(Submitter submitter) {
        return switch (stress.level()) {
            case CALM -> Optional.empty();
            case TIGHT -> forLogins || trusted.test(submitter) ? Optional.empty() : GO;
            case SEVERE -> trusted.test(submitter) ? Optional.empty() : GO;
        };
    }

    @Override
    public Optional<Reply> sender(Submission mail) {
        return switch (stress.level()) {
            case CALM -> Optional.empty();
            case TIGHT -> trusted.test(mail.submitter()) ? Optional.empty() : GO;
            case SEVERE -> trusted.test(mail.submitter()) ? WAIT : GO;
        };
    }

    @Override
    public Optional<Haste> haste(Submitter submitter) {
        return switch (stress.level()) {
            case CALM -> Optional.empty();
            case TIGHT ->
                    trusted.test(submitter)
                            ? Optional.empty()
                            : Optional.of(stress.settings().haste());
            case SEVERE -> Optional.of(stress.settings().haste());
        };
    }
}
