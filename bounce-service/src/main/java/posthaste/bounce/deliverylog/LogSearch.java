package posthaste.bounce.deliverylog;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import posthaste.bounce.deliverylog.LoggedEvent.LoggedAttempt;
import posthaste.bounce.deliverylog.LoggedMail.LoggedEnvelope;
import posthaste.mail.envelope.MailId;

/**
 * Finds mails by all that is known of them, newest first, and tells a mail's story. Since an id
 * bears its mail's time, time ranges and pages are ranges of ids, and days rule out partitions.
 */
public final class LogSearch {
    /** Recipients that a list shows of one mail. */
    static final int LISTED_RECIPIENTS = 10;

    private static final int STORY_RECIPIENTS = 5_000;
    private static final int STORY_EVENTS = 20_000;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String MAILS =
            """
            SELECT m.* FROM unnest(?::date[], ?::text[]) AS k(day, id)
            JOIN mail m ON m.day = k.day AND m.id = k.id
            """;

    private static final String RECIPIENTS =
            """
            SELECT r.mail_id, r.address, r.lead_at, r.attempts, greatest(r.finals - 1, 0) AS duplicates,
                e.kind, e.status, e.reply_code, e.reply_text, e.reason, e.next_attempt_at, e.dsn_id,
                e.bounce_class, e.hard
            FROM unnest(?::date[], ?::text[]) AS k(day, id)
            CROSS JOIN LATERAL (
                SELECT *, row_number() OVER (ORDER BY address_lower = ? DESC, address) AS place
                FROM recipient
                WHERE day = k.day AND mail_id = k.id
                ORDER BY place
                LIMIT ?
            ) AS r
            LEFT JOIN event e ON e.day = r.day AND e.entry_id = r.lead_entry
            ORDER BY r.mail_id, r.place
            """;

    /** An entry id begins with its mail's id and a slash, after which 0 is the next character. */
    private static final String EVENTS =
            """
            SELECT * FROM event
            WHERE day = ? AND entry_id >= ? || '/' AND entry_id < ? || '0'
            ORDER BY at, standing_of(kind), attempt, recipient, kind
            LIMIT ?
            """;

    private final LogDatabase database;
    private final Duration patience;
    private final Timer searches;
    private final Timer stories;

    /** With the usual patience. */
    public LogSearch(LogDatabase database, MeterRegistry meters) {
        this(database, PATIENCE, meters);
    }

    /**
     * Searches {@code database}.
     *
     * @param patience how long a search may take before it is given up
     */
    public LogSearch(LogDatabase database, Duration patience, MeterRegistry meters) {
        this.database = database;
        this.patience = patience;
        this.searches = timer(meters, "search");
        this.stories = timer(meters, "story");
    }

    /** The mails that fit, newest first. */
    public List<LoggedMail> find(LogQuery query) throws LogUnavailableException {
        return timed(
                searches,
                connection -> {
                    List<String> ids = MailFinder.find(connection, query, patience);
                    return mails(
                            connection,
                            ids,
                            query.recipient().map(Addresses::searchable).orElse(""),
                            LISTED_RECIPIENTS);
                });
    }

    /** The ids of the mails that fit, newest first. */
    List<String> ids(LogQuery query) throws LogUnavailableException {
        return timed(searches, connection -> MailFinder.find(connection, query, patience));
    }

    /** A mail's whole story; empty when the log has never heard of it. */
    public Optional<MailStory> story(MailId id) throws LogUnavailableException {
        return timed(
                stories,
                connection -> {
                    List<LoggedMail> mails =
                            mails(connection, List.of(id.value()), "", STORY_RECIPIENTS);
                    if (mails.isEmpty()) {
                        return Optional.empty();
                    }
                    List<LoggedEvent> events = events(connection, id);
                    boolean isCut = events.size() > STORY_EVENTS;
                    return Optional.of(
                            new MailStory(
                                    mails.getFirst(),
                                    isCut ? events.subList(0, STORY_EVENTS) : events,
                                    isCut));
                });
    }

    static List<LoggedMail> mails(
            Connection connection, List<String> ids, String firstRecipient, int recipientLimit)
            throws SQLException {
        String[] days =
                ids.stream().map(id -> new MailId(id).day().toString()).toArray(String[]::new);
        String[] keys = ids.toArray(String[]::new);
        Map<String, LoggedEnvelope> envelopes = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        try (PreparedStatement statement = prepare(connection, MAILS)) {
            statement.setArray(1, connection.createArrayOf("date", days));
            statement.setArray(2, connection.createArrayOf("text", keys));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    envelopes.put(text(row, "id"), envelope(row));
                    counts.put(text(row, "id"), row.getInt("recipients"));
                }
            }
        }
        Map<String, List<RecipientStanding>> recipients = new HashMap<>();
        try (PreparedStatement statement = prepare(connection, RECIPIENTS)) {
            statement.setArray(1, connection.createArrayOf("date", days));
            statement.setArray(2, connection.createArrayOf("text", keys));
            statement.setString(3, firstRecipient);
            statement.setInt(4, recipientLimit);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    recipients
                            .computeIfAbsent(text(row, "mail_id"), m -> new ArrayList<>())
                            .add(standing(row));
                }
            }
        }
        List<LoggedMail> mails = new ArrayList<>();
        for (String id : ids) {
            List<RecipientStanding> known = recipients.getOrDefault(id, List.of());
            if (!known.isEmpty() || envelopes.containsKey(id)) {
                mails.add(
                        new LoggedMail(
                                id,
                                new MailId(id).acceptedAt(),
                                Optional.ofNullable(envelopes.get(id)),
                                counts.getOrDefault(id, known.size()),
                                known));
            }
        }
        return mails;
    }

    private static List<LoggedEvent> events(Connection connection, MailId id) throws SQLException {
        List<LoggedEvent> events = new ArrayList<>();
        try (PreparedStatement statement = prepare(connection, EVENTS)) {
            statement.setObject(1, id.day());
            statement.setString(2, id.value());
            statement.setString(3, id.value());
            statement.setInt(4, STORY_EVENTS + 1);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    events.add(event(row));
                }
            }
        }
        return Conversations.added(connection, id, events);
    }

    private static LoggedEnvelope envelope(ResultSet row) throws SQLException {
        return new LoggedEnvelope(
                text(row, "sender"),
                text(row, "stream"),
                text(row, "client_address"),
                text(row, "client_helo"),
                optional(row, "client_login"),
                optional(row, "message_id"),
                optional(row, "envid"),
                row.getLong("size"));
    }

    static RecipientStanding standing(ResultSet row) throws SQLException {
        String kind = row.getString("kind");
        return new RecipientStanding(
                text(row, "address"),
                kind == null ? "queued" : kind.toLowerCase(Locale.ROOT),
                time(row, "lead_at").orElseThrow(),
                row.getInt("attempts"),
                row.getInt("duplicates"),
                optional(row, "status"),
                reply(row),
                optional(row, "reason").orElse(""),
                time(row, "next_attempt_at"),
                optional(row, "dsn_id"),
                optional(row, "bounce_class"),
                row.getBoolean("hard"));
    }

    static LoggedEvent event(ResultSet row) throws SQLException {
        return new LoggedEvent(
                time(row, "at").orElseThrow(),
                text(row, "kind").toLowerCase(Locale.ROOT),
                text(row, "recipient"),
                text(row, "status"),
                reply(row),
                text(row, "reason"),
                time(row, "next_attempt_at"),
                row.getBoolean("ambiguous"),
                optional(row, "dsn_id"),
                optional(row, "bounce_class"),
                row.getBoolean("hard"),
                attempt(row));
    }

    private static Optional<LoggedAttempt> attempt(ResultSet row) throws SQLException {
        Optional<Instant> startedAt = time(row, "started_at");
        if (startedAt.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new LoggedAttempt(
                        row.getInt("attempt"),
                        text(row, "job_id"),
                        text(row, "instance"),
                        text(row, "destination"),
                        text(row, "source_address"),
                        text(row, "remote_host"),
                        text(row, "remote_address"),
                        text(row, "tls"),
                        startedAt.get(),
                        row.getLong("duration_ms")));
    }

    static Optional<String> reply(ResultSet row) throws SQLException {
        int code = row.getInt("reply_code");
        return row.wasNull()
                ? Optional.empty()
                : Optional.of((code + " " + text(row, "reply_text")).strip());
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return optional(row, column).orElse("");
    }

    private static Optional<String> optional(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        @Nullable Timestamp time = row.getTimestamp(column);
        return Optional.ofNullable(time).map(Timestamp::toInstant);
    }

    private static PreparedStatement prepare(Connection connection, String sql)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout((int) PATIENCE.toSeconds());
        return statement;
    }

    private <T> T timed(Timer timer, Question<T> question) throws LogUnavailableException {
        long begun = System.nanoTime();
        try (Connection connection = database.connection()) {
            return question.ask(connection);
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        } finally {
            timer.record(Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    static Timer timer(MeterRegistry meters, String query) {
        return Timer.builder("posthaste.log.queries")
                .description("Searches in the delivery log")
                .tag("query", query)
                .register(meters);
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask(Connection connection) throws SQLException, LogUnavailableException;
    }
}
