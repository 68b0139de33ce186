package posthaste.ingest.auth;

import java.util.List;
import java.util.Optional;
import posthaste.ingest.auth.users.SenderPattern;
import posthaste.ingest.message.HeaderField;
import posthaste.ingest.message.Mailboxes;
import posthaste.ingest.message.MessageHeader;
import posthaste.ingest.policy.Submission;
import posthaste.ingest.policy.SubmissionPolicy;
import posthaste.ingest.submitter.Login;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.address.ReversePath;
import posthaste.mail.status.Reply;

/**
 * A login submits mail from its own addresses alone. The null reverse-path is everyone's: what mail
 * programs send on their users' behalf without wanting an answer bears it, as dispositions (RFC
 * 8098 section 3); the From field is checked all the same.
 */
public final class SenderRights implements SubmissionPolicy {

    @Override
    public Optional<Reply> sender(Submission mail) {
        Optional<Login> login = mail.submitter().login();
        return login.isPresent()
                        && mail.reversePath() instanceof ReversePath.From(EmailAddress address)
                ? refusal(login.get(), address)
                : Optional.empty();
    }

    /** Every author of every From field: the one that a reader is shown may be any of them. */
    @Override
    public Optional<Reply> header(Submission mail, MessageHeader header) {
        Optional<Login> login = mail.submitter().login();
        if (login.isEmpty()) {
            return Optional.empty();
        }
        for (HeaderField from : header.all("From")) {
            Optional<List<EmailAddress>> authors = Mailboxes.parse(from.value());
            if (authors.isEmpty()) {
                return Optional.of(new Reply(553, "5.7.1 the From field cannot be read"));
            }
            for (EmailAddress author : authors.get()) {
                Optional<Reply> refusal = refusal(login.get(), author);
                if (refusal.isPresent()) {
                    return refusal;
                }
            }
        }
        return Optional.empty();
    }

    /** Why a login may not submit mail as {@code sender}; empty: it may. Also for From fields. */
    public static Optional<Reply> refusal(Login login, EmailAddress sender) {
        return SenderPattern.allows(login, sender)
                ? Optional.empty()
                : Optional.of(
                        new Reply(553, "5.7.1 this login may not send mail from that address"));
    }
}
