package posthaste.bounce.deliverylog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import posthaste.mail.outcome.Conversation;

/**
 * One thing that happened to one recipient.
 *
 * @param kind {@code delivered}, {@code deferred}, {@code failed}, {@code bounced}, {@code
 *     expired}, {@code delay_warned}, {@code removed}
 * @param enhancedCode of RFC 3463
 * @param reply the remote server's, code included
 * @param reason one sentence of ours; empty when the reply says it all
 * @param nextAttempt when it is to be tried again
 * @param ambiguous the final dot was sent and no reply came: it may have been delivered
 * @param dsnId the mail that told the sender; of what came back, the mail that told us
 * @param bounceClass what it means, as {@code BounceClass} names it; empty where nothing was
 *     refused
 * @param hard whether the address itself is at fault
 */
public record LoggedEvent(
        Instant time,
        String kind,
        String recipient,
        String enhancedCode,
        Optional<String> reply,
        String reason,
        Optional<Instant> nextAttempt,
        boolean ambiguous,
        Optional<String> dsnId,
        Optional<String> bounceClass,
        boolean hard,
        Optional<LoggedAttempt> attempt) {

    /** One that is no refusal. */
    public LoggedEvent(
            Instant time,
            String kind,
            String recipient,
            String enhancedCode,
            Optional<String> reply,
            String reason,
            Optional<Instant> nextAttempt,
            boolean ambiguous,
            Optional<String> dsnId,
            Optional<LoggedAttempt> attempt) {
        this(
                time,
                kind,
                recipient,
                enhancedCode,
                reply,
                reason,
                nextAttempt,
                ambiguous,
                dsnId,
                Optional.empty(),
                false,
                attempt);
    }

    /** The same, of this attempt. */
    LoggedEvent with(Optional<LoggedAttempt> told) {
        return new LoggedEvent(
                time,
                kind,
                recipient,
                enhancedCode,
                reply,
                reason,
                nextAttempt,
                ambiguous,
                dsnId,
                bounceClass,
                hard,
                told);
    }

    /**
     * The attempt that it comes from.
     *
     * @param number counted from 1
     * @param instance of ours
     * @param destination the queue that it stood in
     * @param sourceAddress ours
     * @param remoteHost that we connected to; empty when we did not get that far, like the address
     * @param tls protocol and cipher suite; empty in clear
     * @param conversation what was said; empty when all recipients got the mail
     */
    public record LoggedAttempt(
            int number,
            String jobId,
            String instance,
            String destination,
            String sourceAddress,
            String remoteHost,
            String remoteAddress,
            String tls,
            Instant startedAt,
            long durationMs,
            List<Conversation.Line> conversation) {

        public LoggedAttempt {
            conversation = List.copyOf(conversation);
        }

        /** One of which is not known what was said. */
        public LoggedAttempt(
                int number,
                String jobId,
                String instance,
                String destination,
                String sourceAddress,
                String remoteHost,
                String remoteAddress,
                String tls,
                Instant startedAt,
                long durationMs) {
            this(
                    number,
                    jobId,
                    instance,
                    destination,
                    sourceAddress,
                    remoteHost,
                    remoteAddress,
                    tls,
                    startedAt,
                    durationMs,
                    List.of());
        }

        LoggedAttempt with(List<Conversation.Line> said) {
            return new LoggedAttempt(
                    number,
                    jobId,
                    instance,
                    destination,
                    sourceAddress,
                    remoteHost,
                    remoteAddress,
                    tls,
                    startedAt,
                    durationMs,
                    said);
        }
    }
}
