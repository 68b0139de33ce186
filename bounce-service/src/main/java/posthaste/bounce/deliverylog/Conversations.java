package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import posthaste.bounce.deliverylog.LoggedEvent.LoggedAttempt;
import posthaste.mail.envelope.MailId;
import posthaste.mail.outcome.AttemptDetails;
import posthaste.mail.outcome.Conversation;
import posthaste.mail.record.Event;

/**
 * What was said during attempts: written once an attempt, and in a story told with the attempt's
 * first event alone, however many recipients it had.
 */
final class Conversations {
    private static final String WRITE =
            """
            INSERT INTO conversation (day, mail_id, job_id, attempt, started_ms, said)
            SELECT date '1970-01-01' + day_number, mail_id, job_id, attempt, started_ms, said
            FROM unnest(?, ?, ?, ?, ?, ?)
                AS t(day_number, mail_id, job_id, attempt, started_ms, said)
            ORDER BY day_number, mail_id, job_id, attempt, started_ms
            ON CONFLICT DO NOTHING
            """;

    /** A story has room for so many, the newest; with what is left out it is a story still. */
    private static final int MOST = 500;

    private static final String READ =
            """
            SELECT job_id, attempt, started_ms, said FROM conversation
            WHERE day = ? AND mail_id = ? AND job_id = ANY (?)
            ORDER BY started_ms DESC
            LIMIT ?
            """;

    private static final int PATIENCE_SECONDS = 10;

    private final Rows rows = new Rows("int4", "text", "text", "int4", "int8", "text");

    private record Key(String jobId, int attempt, long startedMs) {}

    void add(Event event) {
        event.attempt()
                .filter(attempt -> !attempt.details().conversation().isEmpty())
                .ifPresent(attempt -> add(event, attempt, attempt.details()));
    }

    private void add(Event event, Event.Attempt attempt, AttemptDetails details) {
        rows.add(
                (int) event.mailId().day().toEpochDay(),
                event.mailId().value(),
                attempt.jobId(),
                attempt.number(),
                details.startedAt().toEpochMilli(),
                details.conversation().toString());
    }

    void execute(Connection connection) throws SQLException {
        if (rows.size() == 0) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            rows.bind(statement);
            statement.executeUpdate();
        }
    }

    /** The same events, with what was said at the first of each attempt. */
    static List<LoggedEvent> added(Connection connection, MailId id, List<LoggedEvent> events)
            throws SQLException {
        String[] jobs =
                events.stream()
                        .flatMap(event -> event.attempt().stream())
                        .map(LoggedAttempt::jobId)
                        .distinct()
                        .toArray(String[]::new);
        if (jobs.length == 0) {
            return events;
        }
        Map<Key, List<Conversation.Line>> said = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setQueryTimeout(PATIENCE_SECONDS);
            statement.setObject(1, id.day());
            statement.setString(2, id.value());
            statement.setArray(3, connection.createArrayOf("text", jobs));
            statement.setInt(4, MOST);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    said.put(
                            new Key(row.getString(1), row.getInt(2), row.getLong(3)),
                            Conversation.parse(row.getString(4)).lines());
                }
            }
        }
        List<LoggedEvent> told = new ArrayList<>(events.size());
        events.forEach(event -> told.add(said.isEmpty() ? event : told(event, said)));
        return told;
    }

    /** Takes it out of {@code said}. */
    private static LoggedEvent told(LoggedEvent event, Map<Key, List<Conversation.Line>> said) {
        if (event.attempt().isEmpty()) {
            return event;
        }
        LoggedAttempt attempt = event.attempt().get();
        List<Conversation.Line> lines =
                said.remove(
                        new Key(
                                attempt.jobId(),
                                attempt.number(),
                                attempt.startedAt().toEpochMilli()));
        return lines == null ? event : event.with(Optional.of(attempt.with(lines)));
    }
}
