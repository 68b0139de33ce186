package posthaste.bounce.rest;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import posthaste.bounce.deliverylog.LoggedEvent;
import posthaste.bounce.deliverylog.LoggedEvent.LoggedAttempt;
import posthaste.bounce.deliverylog.LoggedMail;
import posthaste.bounce.deliverylog.LoggedMail.LoggedEnvelope;
import posthaste.bounce.deliverylog.MailStory;
import posthaste.bounce.deliverylog.RecipientStanding;
import posthaste.mail.outcome.Conversation;

/** A mail, as REST shows it: the names are part of {@code docs/rest-api.md}. */
final class MessageJson {
    private MessageJson() {}

    /** In a list. */
    record Listed(
            String id,
            Instant acceptedAt,
            Optional<String> sender,
            Optional<String> stream,
            Optional<Long> size,
            Optional<String> messageId,
            int recipientCount,
            List<RecipientStanding> recipients) {}

    /** With its whole story. */
    record Told(
            String id,
            Instant acceptedAt,
            Optional<String> sender,
            Optional<String> stream,
            Optional<Long> size,
            Optional<String> messageId,
            Optional<String> envid,
            Optional<String> clientAddress,
            Optional<String> clientHelo,
            Optional<String> clientLogin,
            int recipientCount,
            List<RecipientStanding> recipients,
            List<Happened> events,
            boolean eventsCut) {}

    /** One event; what belongs to an attempt is null where there was none. */
    record Happened(
            Instant time,
            String kind,
            String recipient,
            String enhancedCode,
            Optional<String> reply,
            String reason,
            Optional<Instant> nextAttempt,
            boolean ambiguous,
            Optional<String> dsnId,
            Optional<Integer> attempt,
            Optional<String> remoteHost,
            Optional<String> remoteAddress,
            Optional<String> sourceAddress,
            Optional<String> tls,
            Optional<Instant> startedAt,
            Optional<Long> durationMs,
            Optional<String> destination,
            Optional<String> instance,
            Optional<String> jobId,
            Optional<List<Said>> conversation) {}

    /**
     * A line of a conversation.
     *
     * @param ms since the attempt began
     * @param by {@code we}, {@code they}, or {@code note}: a remark of ours
     */
    record Said(long ms, String by, String text) {}

    static Listed listed(LoggedMail mail) {
        Optional<LoggedEnvelope> envelope = mail.envelope();
        return new Listed(
                mail.id(),
                mail.acceptedAt(),
                envelope.map(LoggedEnvelope::sender),
                envelope.map(LoggedEnvelope::stream),
                envelope.map(LoggedEnvelope::size),
                envelope.flatMap(LoggedEnvelope::messageId),
                mail.recipientCount(),
                mail.recipients());
    }

    static Told told(MailStory story) {
        LoggedMail mail = story.mail();
        Optional<LoggedEnvelope> envelope = mail.envelope();
        return new Told(
                mail.id(),
                mail.acceptedAt(),
                envelope.map(LoggedEnvelope::sender),
                envelope.map(LoggedEnvelope::stream),
                envelope.map(LoggedEnvelope::size),
                envelope.flatMap(LoggedEnvelope::messageId),
                envelope.flatMap(LoggedEnvelope::envid),
                envelope.map(LoggedEnvelope::clientAddress),
                envelope.map(LoggedEnvelope::clientHelo),
                envelope.flatMap(LoggedEnvelope::clientLogin),
                mail.recipientCount(),
                mail.recipients(),
                story.events().stream().map(MessageJson::happened).toList(),
                story.isCut());
    }

    private static Happened happened(LoggedEvent event) {
        Optional<LoggedAttempt> attempt = event.attempt();
        return new Happened(
                event.time(),
                event.kind(),
                event.recipient(),
                event.enhancedCode(),
                event.reply(),
                event.reason(),
                event.nextAttempt(),
                event.ambiguous(),
                event.dsnId(),
                attempt.map(LoggedAttempt::number),
                attempt.map(LoggedAttempt::remoteHost),
                attempt.map(LoggedAttempt::remoteAddress),
                attempt.map(LoggedAttempt::sourceAddress),
                attempt.map(LoggedAttempt::tls),
                attempt.map(LoggedAttempt::startedAt),
                attempt.map(LoggedAttempt::durationMs),
                attempt.map(LoggedAttempt::destination),
                attempt.map(LoggedAttempt::instance),
                attempt.map(LoggedAttempt::jobId),
                attempt.map(LoggedAttempt::conversation)
                        .filter(lines -> !lines.isEmpty())
                        .map(lines -> lines.stream().map(MessageJson::said).toList()));
    }

    private static Said said(Conversation.Line line) {
        return new Said(line.millis(), line.side().name().toLowerCase(Locale.ROOT), line.text());
    }
}
