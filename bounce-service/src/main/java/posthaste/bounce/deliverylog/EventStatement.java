package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import posthaste.bounce.deliverylog.ReplyDictionary.Entry;
import posthaste.bounce.events.Meaning;
import posthaste.mail.envelope.MailId;
import posthaste.mail.envelope.Stream;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.record.Event;
import posthaste.mail.status.Reply;

/**
 * Writes events: those that are new are kept, folded into their recipients and the tally, and
 * counted in the rollup.
 */
final class EventStatement {
    /** A bucket of its own for what is no delivery. */
    private static final int NO_DELIVERY = -1;

    private static final String SQL =
            """
            WITH incoming AS (
                SELECT date '1970-01-01' + day_number AS day, *
                FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                        ?, ?, ?, ?, ?, ?, ?)
                    AS t(day_number, entry_id, mail_id, recipient, address_lower, domain, kind, at_ms,
                        status, reply_code, reply_text, reason, next_attempt_ms, ambiguous, dsn_id,
                        attempt, job_id, instance, destination, source_address, remote_host,
                        remote_address, tls, started_ms, duration_ms, reply_id, bounce_class, hard,
                        stream, chart_domain, bucket, encrypted)
            ), fresh AS (
                INSERT INTO event (day, entry_id, mail_id, recipient, kind, at, status, reply_code,
                    reply_text, reason, next_attempt_at, ambiguous, dsn_id, attempt, job_id, instance,
                    destination, source_address, remote_host, remote_address, tls, started_at,
                    duration_ms, reply_id, bounce_class, hard, stream, chart_domain)
                SELECT
                    day, entry_id, mail_id, recipient, kind, to_timestamp(at_ms / 1000.0), status,
                    reply_code, reply_text, reason, to_timestamp(next_attempt_ms / 1000.0),
                    ambiguous, dsn_id, attempt, job_id, instance, destination, source_address,
                    remote_host, remote_address, tls, to_timestamp(started_ms / 1000.0), duration_ms,
                    reply_id, bounce_class, hard,
                    CASE WHEN bounce_class IS NOT NULL THEN stream END,
                    CASE WHEN bounce_class IS NOT NULL THEN chart_domain END
                FROM incoming
                ORDER BY day, entry_id
                ON CONFLICT (day, entry_id) DO NOTHING
                RETURNING day, entry_id
            ), news AS (
                SELECT incoming.*, to_timestamp(at_ms / 1000.0) AS at,
                    to_timestamp(next_attempt_ms / 1000.0) AS next_attempt_at
                FROM incoming JOIN fresh USING (day, entry_id)
            ), counted AS (
                INSERT INTO rollup (ROLLUP)
                SELECT MINUTE, stream, chart_domain, kind,
                    coalesce(bounce_class, ''), coalesce(hard, false), count(*),
                    count(*) FILTER (WHERE encrypted), BUCKETS
                FROM news
                WHERE COUNTED
                GROUP BY 1, 2, 3, 4, 5, 6
            ), told AS (
                SELECT DISTINCT ON (day, mail_id, recipient)
                    day, mail_id, recipient AS address, address_lower, domain,
                    standing_of(kind) AS standing, at AS lead_at, entry_id AS lead_entry,
                    coalesce(next_attempt_at, at) AS promised_at,
                    coalesce(max(attempt) OVER one, 0) AS attempts,
                    count(*) FILTER (WHERE standing_of(kind) > 1) OVER one AS finals
                FROM news
                WHERE kind NOT IN ('DELAY_WARNED', 'RETURNED', 'DELAY_REPORTED', 'CONFIRMED',
                    'COMPLAINED', 'REPLIED')
                WINDOW one AS (PARTITION BY day, mail_id, recipient)
                ORDER BY day, mail_id, recipient, standing_of(kind) DESC, at DESC, entry_id DESC
            ), folded AS (
                SELECT day, mail_id, address, address_lower, domain, false AS accepted, standing,
                    lead_at, lead_entry, promised_at, attempts, finals
                FROM told
            )
            """
                            .replace("ROLLUP", Rollup.COLUMNS)
                            .replace("MINUTE", Rollup.MINUTE_OF.formatted("at_ms"))
                            .replace("COUNTED", Rollup.COUNTED)
                            .replace(
                                    "BUCKETS",
                                    LatencyBuckets.columns(
                                            "nullif(count(*) FILTER (WHERE bucket = %1$d), 0)"))
                    + RecipientFold.sql("");

    private final Rows rows =
            new Rows(
                    "int4", "text", "text", "text", "text", "text", "text", "int8", "text", "int4",
                    "text", "text", "int8", "bool", "text", "int4", "text", "text", "text", "text",
                    "text", "text", "text", "int8", "int8", "int8", "text", "bool", "text", "text",
                    "int4", "bool");
    private final Set<String> seen = new HashSet<>();
    private final Map<Event.Entry, Optional<Entry>> said;
    private final ChartDomains domains;

    /**
     * Of nothing yet.
     *
     * @param said what {@link #prepare} has found
     */
    EventStatement(Map<Event.Entry, Optional<Entry>> said, ChartDomains domains) {
        this.said = said;
        this.domains = domains;
    }

    void add(Event event, Event.Entry entry) {
        String entryId = event.entryId(entry);
        if (!seen.add(entryId)) {
            return;
        }
        Optional<AttemptDetails> details = event.attempt().map(Event.Attempt::details);
        Optional<Entry> reply = said.getOrDefault(entry, Optional.empty());
        Meaning meaning = ReplyDictionary.meaning(entry.kind(), reply);
        String domain = Addresses.domain(entry.recipient());
        rows.add(
                (int) event.mailId().day().toEpochDay(),
                entryId,
                event.mailId().value(),
                entry.recipient(),
                Addresses.searchable(entry.recipient()),
                domain,
                entry.kind().name(),
                event.at().toEpochMilli(),
                entry.status().toString(),
                given(entry.reply().map(Reply::code)),
                given(entry.reply().map(Reply::text)),
                entry.reason(),
                given(entry.nextAttemptAt().map(Instant::toEpochMilli)),
                entry.ambiguous(),
                given(entry.dsnId().map(MailId::value)),
                given(event.attempt().map(Event.Attempt::number)),
                given(event.attempt().map(Event.Attempt::jobId)),
                given(event.attempt().map(Event.Attempt::instance)),
                given(details.map(AttemptDetails::destination)),
                given(details.map(AttemptDetails::sourceAddress)),
                given(details.map(AttemptDetails::remoteHost)),
                given(details.map(AttemptDetails::remoteAddress)),
                given(details.map(AttemptDetails::tls)),
                given(details.map(d -> d.startedAt().toEpochMilli())),
                given(details.map(d -> d.duration().toMillis())),
                given(reply.map(Entry::id)),
                given(meaning.bounceClass()),
                meaning.bounceClass().isPresent() ? meaning.hard() : null,
                event.stream().map(Stream::name).orElse(""),
                domains.of(domain),
                bucket(event, entry),
                details.filter(d -> !d.tls().isEmpty()).isPresent());
    }

    /**
     * What the database must know before these events can be written.
     *
     * @param said filled with what each of them says
     * @param days filled with the last day of each of these
     * @param to filled with the domains of recipients
     */
    static void prepare(
            Event event,
            ReplyDictionary replies,
            Map<Event.Entry, Optional<Entry>> said,
            Map<Entry, LocalDate> days,
            Set<String> to) {
        for (Event.Entry entry : event.entries()) {
            to.add(Addresses.domain(entry.recipient()));
            Optional<Entry> reply = replies.entry(entry);
            said.put(entry, reply);
            reply.ifPresent(
                    one -> days.merge(one, event.mailId().day(), (a, b) -> a.isBefore(b) ? b : a));
        }
    }

    /**
     * Writes what was added.
     *
     * @return rows, repeats included
     */
    int execute(Connection connection, String topic, int partition) throws SQLException {
        if (rows.size() == 0) {
            return 0;
        }
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            int next = rows.bind(statement);
            statement.setString(next, topic);
            statement.setInt(next + 1, partition);
            statement.executeUpdate();
        }
        return rows.size();
    }

    private static int bucket(Event event, Event.Entry entry) {
        if (entry.kind() != Event.Kind.DELIVERED) {
            return NO_DELIVERY;
        }
        return LatencyBuckets.of(
                Duration.between(event.mailId().acceptedAt(), event.at()).toMillis());
    }

    private static <T> @Nullable T given(Optional<T> value) {
        return value.orElse(null);
    }
}
