package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import posthaste.mail.envelope.MailId;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.record.Event;
import posthaste.mail.status.Reply;

/** Writes events: those that are new are kept, and folded into their recipients and the tally. */
final class EventStatement {
    private static final String SQL =
            """
            WITH incoming AS (
                SELECT date '1970-01-01' + day_number AS day, *
                FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    AS t(day_number, entry_id, mail_id, recipient, address_lower, domain, kind, at_ms,
                        status, reply_code, reply_text, reason, next_attempt_ms, ambiguous, dsn_id,
                        attempt, job_id, instance, destination, source_address, remote_host,
                        remote_address, tls, started_ms, duration_ms, position)
            ), fresh AS (
                INSERT INTO event (day, entry_id, mail_id, recipient, kind, at, status, reply_code,
                    reply_text, reason, next_attempt_at, ambiguous, dsn_id, attempt, job_id, instance,
                    destination, source_address, remote_host, remote_address, tls, started_at,
                    duration_ms)
                SELECT DISTINCT ON (day, entry_id)
                    day, entry_id, mail_id, recipient, kind, to_timestamp(at_ms / 1000.0), status,
                    reply_code, reply_text, reason, to_timestamp(next_attempt_ms / 1000.0),
                    ambiguous, dsn_id, attempt, job_id, instance, destination, source_address,
                    remote_host, remote_address, tls, to_timestamp(started_ms / 1000.0), duration_ms
                FROM incoming
                ORDER BY day, entry_id, position
                ON CONFLICT (day, entry_id) DO NOTHING
                RETURNING day, entry_id, mail_id, recipient, kind, at, next_attempt_at, attempt
            ), told AS (
                SELECT DISTINCT ON (day, mail_id, recipient)
                    day, mail_id, recipient AS address,
                    standing_of(kind) AS standing, at AS lead_at, entry_id AS lead_entry,
                    coalesce(next_attempt_at, at) AS promised_at,
                    coalesce(max(attempt) OVER one, 0) AS attempts,
                    count(*) FILTER (WHERE standing_of(kind) > 1) OVER one AS finals
                FROM fresh
                WHERE kind NOT IN ('DELAY_WARNED', 'RETURNED', 'DELAY_REPORTED', 'CONFIRMED',
                    'COMPLAINED', 'REPLIED')
                WINDOW one AS (PARTITION BY day, mail_id, recipient)
                ORDER BY day, mail_id, recipient, standing_of(kind) DESC, at DESC, entry_id DESC
            ), folded AS (
                SELECT DISTINCT ON (day, mail_id, address)
                    day, mail_id, address, address_lower, domain, false AS accepted, standing,
                    lead_at, lead_entry, promised_at, attempts, finals
                FROM told JOIN (
                    SELECT day, mail_id, recipient AS address, address_lower, domain FROM incoming
                ) AS names USING (day, mail_id, address)
                ORDER BY day, mail_id, address
            )
            """
                    + RecipientFold.SQL;

    private final Rows rows =
            new Rows(
                    "int4", "text", "text", "text", "text", "text", "text", "int8", "text", "int4",
                    "text", "text", "int8", "bool", "text", "int4", "text", "text", "text", "text",
                    "text", "text", "text", "int8", "int8", "int4");

    void add(Event event, Event.Entry entry) {
        Optional<AttemptDetails> details = event.attempt().map(Event.Attempt::details);
        rows.add(
                (int) event.mailId().day().toEpochDay(),
                event.entryId(entry),
                event.mailId().value(),
                entry.recipient(),
                Addresses.searchable(entry.recipient()),
                Addresses.domain(entry.recipient()),
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
                rows.size());
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

    private static <T> @Nullable T given(Optional<T> value) {
        return value.orElse(null);
    }
}
