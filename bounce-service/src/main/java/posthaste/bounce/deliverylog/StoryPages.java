package posthaste.bounce.deliverylog;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import posthaste.mail.envelope.MailId;

/**
 * Stories in parts that people can look at, of mails to however many: how all recipients stand, by
 * number; some of them, or one; and what happened to those that were asked for.
 */
public final class StoryPages {
    private static final int PATIENCE_SECONDS = 10;

    private static final String STATES =
            """
            SELECT coalesce(lower(e.kind), 'queued') AS state, count(*) AS recipients
            FROM recipient r
            LEFT JOIN event e ON e.day = r.day AND e.entry_id = r.lead_entry
            WHERE r.day = ? AND r.mail_id = ?
            GROUP BY 1
            """;

    /** Open ones first, delivered ones last. */
    private static final String RECIPIENTS =
            """
            SELECT r.state, r.address, r.lead_at, r.attempts,
                greatest(r.finals - 1, 0) AS duplicates,
                e.kind, e.status, e.reply_code, e.reply_text, e.reason, e.next_attempt_at, e.dsn_id,
                e.bounce_class, e.hard
            FROM (
                SELECT * FROM recipient
                WHERE day = ? AND mail_id = ? AND (? = '' OR address_lower = ?)
                    AND (state, address) > (?, ?)
                ORDER BY state, address
                LIMIT ?
            ) AS r
            LEFT JOIN event e ON e.day = r.day AND e.entry_id = r.lead_entry
            ORDER BY r.state, r.address
            """;

    /** An entry id begins with its mail's id and a slash, after which 0 is the next character. */
    private static final String EVENTS =
            """
            SELECT * FROM event
            WHERE day = ? AND entry_id >= ? || '/' AND entry_id < ? || '0'
                AND (?::text[] IS NULL OR recipient = ANY (?))
            ORDER BY at, standing_of(kind), attempt, recipient, kind
            LIMIT ?
            """;

    private final LogDatabase database;
    private final Timer stories;

    public StoryPages(LogDatabase database, MeterRegistry meters) {
        this.database = database;
        this.stories = LogSearch.timer(meters, "story");
    }

    /**
     * What is asked for.
     *
     * @param recipient one of the mail's, whatever its case; empty: all
     * @param after where the page before ended
     * @param recipients at most
     * @param events at most
     */
    public record Question(
            MailId id, String recipient, Optional<Place> after, int recipients, int events) {}

    /**
     * Where a page of recipients ended.
     *
     * @param state by its number in the table
     */
    public record Place(int state, String address) {

        /** Of its {@link #word}; empty when that is none. */
        public static Optional<Place> of(String word) {
            return word.matches("[0-9]:\\P{Cntrl}{1,512}")
                    ? Optional.of(new Place(word.charAt(0) - '0', word.substring(2)))
                    : Optional.empty();
        }

        /** As {@code 1:ann@example.org}. */
        public String word() {
            return state + ":" + address;
        }
    }

    /**
     * A part of a mail's story.
     *
     * @param mail with the recipients of this page alone
     * @param states how many of all recipients stand how, whatever was asked for
     * @param events of those that were asked for, oldest first
     * @param isCut whether there are more events
     * @param next where the next page begins
     */
    public record Part(
            LoggedMail mail,
            Map<String, Long> states,
            List<LoggedEvent> events,
            boolean isCut,
            Optional<Place> next) {
        public Part {
            states = Map.copyOf(states);
            events = List.copyOf(events);
        }
    }

    /** Empty when the log has never heard of the mail. */
    public Optional<Part> part(Question question) throws LogUnavailableException {
        long begun = System.nanoTime();
        try (Connection connection = database.connection()) {
            List<LoggedMail> mails =
                    LogSearch.mails(connection, List.of(question.id.value()), "", 1);
            return mails.isEmpty()
                    ? Optional.empty()
                    : Optional.of(part(connection, question, mails.getFirst()));
        } catch (SQLException e) {
            throw LogUnavailableException.of(e);
        } finally {
            stories.record(Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    private static Part part(Connection connection, Question question, LoggedMail mail)
            throws SQLException {
        Map<String, Long> states = states(connection, question.id);
        List<RecipientStanding> recipients = new ArrayList<>();
        Optional<Place> next = recipients(connection, question, recipients);
        List<LoggedEvent> events = events(connection, question, recipients);
        boolean isCut = events.size() > question.events;
        long known = states.values().stream().mapToLong(Long::longValue).sum();
        return new Part(
                new LoggedMail(
                        mail.id(),
                        mail.acceptedAt(),
                        mail.envelope(),
                        Math.max(mail.recipientCount(), (int) known),
                        recipients),
                states,
                isCut ? events.subList(0, question.events) : events,
                isCut,
                next);
    }

    private static Map<String, Long> states(Connection connection, MailId id) throws SQLException {
        Map<String, Long> states = new TreeMap<>();
        try (PreparedStatement select = prepare(connection, STATES)) {
            select.setObject(1, id.day());
            select.setString(2, id.value());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    states.put(row.getString("state"), row.getLong("recipients"));
                }
            }
        }
        return states;
    }

    private static Optional<Place> recipients(
            Connection connection, Question question, List<RecipientStanding> found)
            throws SQLException {
        String only = Addresses.searchable(question.recipient);
        @Nullable Place last = null;
        try (PreparedStatement select = prepare(connection, RECIPIENTS)) {
            select.setObject(1, question.id.day());
            select.setString(2, question.id.value());
            select.setString(3, only);
            select.setString(4, only);
            select.setInt(5, question.after.map(Place::state).orElse(-1));
            select.setString(6, question.after.map(Place::address).orElse(""));
            select.setInt(7, question.recipients + 1);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (found.size() == question.recipients) {
                        return Optional.ofNullable(last);
                    }
                    last = new Place(row.getInt("state"), row.getString("address"));
                    found.add(LogSearch.standing(row));
                }
            }
        }
        return Optional.empty();
    }

    private static List<LoggedEvent> events(
            Connection connection, Question question, List<RecipientStanding> recipients)
            throws SQLException {
        List<LoggedEvent> events = new ArrayList<>();
        // All pages of a mail tell its story alike; only one recipient's has no other's events.
        String @Nullable [] only =
                question.recipient.isEmpty()
                        ? null
                        : recipients.stream()
                                .map(RecipientStanding::address)
                                .toArray(String[]::new);
        try (PreparedStatement select = prepare(connection, EVENTS)) {
            select.setObject(1, question.id.day());
            select.setString(2, question.id.value());
            select.setString(3, question.id.value());
            select.setArray(4, only == null ? null : connection.createArrayOf("text", only));
            select.setArray(5, only == null ? null : connection.createArrayOf("text", only));
            select.setInt(6, question.events + 1);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    events.add(LogSearch.event(row));
                }
            }
        }
        return Conversations.added(connection, question.id, events);
    }

    private static PreparedStatement prepare(Connection connection, String sql)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(PATIENCE_SECONDS);
        return statement;
    }
}
