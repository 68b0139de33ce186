package posthaste.bounce.quarantine;

import java.time.Instant;
import java.util.List;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.FirstStop;
import posthaste.mail.record.Job;

/**
 * A job in quarantine, for people.
 *
 * @param id of the mail; several jobs of a mail for several domains stand here one by one
 * @param jobId of the job
 * @param sender empty: the null reverse-path
 * @param reason why it was set aside
 * @param octets of the body
 * @param login empty when nobody had logged in
 * @param messageId empty when it has none
 * @param since when it came here
 * @param until when it is removed unless somebody decides
 */
public record Quarantined(
        String id,
        String jobId,
        String stream,
        String sender,
        List<String> recipients,
        String reason,
        long octets,
        String client,
        String login,
        String messageId,
        Instant acceptedAt,
        Instant since,
        Instant until) {

    static Quarantined of(Job job, Instant since, Instant until) {
        Envelope envelope = job.envelope().envelope();
        return new Quarantined(
                envelope.id().value(),
                job.id(),
                envelope.stream().name(),
                envelope.reversePath().toString(),
                job.pendingRecipients().stream().map(r -> r.address().toString()).toList(),
                reason(envelope),
                job.body().length(),
                envelope.client().address(),
                envelope.client().login().orElse(""),
                envelope.messageId().orElse(""),
                envelope.acceptedAt(),
                since,
                until);
    }

    static String reason(Envelope envelope) {
        return envelope.handling().firstStop() instanceof FirstStop.Quarantine(String reason)
                ? reason
                : "";
    }
}
