package posthaste.ingest.policy;

import java.util.Optional;
import java.util.function.Function;
import posthaste.ingest.submitter.Submitter;
import posthaste.mail.address.EmailAddress;
import posthaste.mail.envelope.Stream;
import posthaste.mail.status.Reply;
import posthaste.service.suppression.SuppressionScreen;

/**
 * Refuses recipients that the suppression list has. The stream is the one that the mail is in
 * unless its header says otherwise; what that would have let through is stopped before its attempt.
 */
public final class SuppressionPolicy implements SubmissionPolicy {
    private final SuppressionScreen screen;
    private final Function<Submitter, Stream> streams;

    /**
     * Takes what it asks.
     *
     * @param streams the stream of a submitter's mail, as far as it is known at RCPT
     */
    public SuppressionPolicy(SuppressionScreen screen, Function<Submitter, Stream> streams) {
        this.screen = screen;
        this.streams = streams;
    }

    @Override
    public Optional<Reply> recipient(Submission mail, EmailAddress recipient) {
        if (!screen.tellsAtRcpt()) {
            return Optional.empty();
        }
        Submitter submitter = mail.submitter();
        return screen.reason(submitter.client(), streams.apply(submitter), recipient)
                .map(reason -> new Reply(550, "5.7.1 " + recipient(recipient) + reason));
    }

    /** As the client wrote it, where a reply may bear it (RFC 6531 section 3.7.4). */
    private static String recipient(EmailAddress recipient) {
        return recipient.needsSmtpUtf8() ? "" : "<" + recipient + ">... ";
    }
}
