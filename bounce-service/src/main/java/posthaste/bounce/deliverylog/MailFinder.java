package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.postgresql.PGConnection;
import posthaste.bounce.inbound.rules.ReplyTemplate;
import posthaste.mail.envelope.MailId;

/**
 * Finds the ids of the mails that fit a query, newest first: from the newest day back, in strides
 * that grow, until there are enough. Within a day the database chooses between the index of what is
 * rare and the order of ids, by its statistics of that very day.
 */
final class MailFinder {
    /** More different replies than this are no hint any more. */
    private static final int REPLIES = 5_000;

    private static final int LONGEST_STRIDE = 64;

    /** RFC 3463; anything shorter is a beginning. */
    private static final String EXACT_STATUS = "\\d\\.\\d+\\.\\d+";

    private final Connection connection;
    private final LogQuery query;
    private final Set<String> found = new LinkedHashSet<>();

    private MailFinder(Connection connection, LogQuery query) {
        this.connection = connection;
        this.query = query;
    }

    /**
     * Finds the first ids.
     *
     * @param patience for all of it together
     * @throws SQLException 57014 when it takes longer
     */
    static List<String> find(Connection connection, LogQuery query, Duration patience)
            throws SQLException, LogUnavailableException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            // The values decide which plan is good, and a plan for any values is bad for most.
            statement.execute(
                    "SET LOCAL plan_cache_mode = force_custom_plan;"
                            + " SET LOCAL enable_partitionwise_join = on;"
                            + " SET LOCAL jit = off");
            return new MailFinder(connection, query).search(System.nanoTime() + patience.toNanos());
        } finally {
            connection.rollback();
        }
    }

    private List<String> search(long deadline) throws SQLException, LogUnavailableException {
        List<LocalDate> days = days();
        if (days.isEmpty()) {
            return List.of();
        }
        limit(deadline);
        Optional<Long[]> replies = replies();
        if (replies.isPresent() && replies.get().length == 0) {
            return List.of();
        }
        int next = 0;
        int stride = 1;
        while (next < days.size() && found.size() < query.limit()) {
            int end = Math.min(next + stride, days.size());
            limit(deadline);
            search(days.get(end - 1), days.get(next), replies, deadline);
            next = end;
            stride = Math.min(stride * 2, LONGEST_STRIDE);
        }
        return List.copyOf(found);
    }

    private void search(LocalDate oldest, LocalDate newest, Optional<Long[]> replies, long deadline)
            throws SQLException {
        Conditions conditions = new Conditions();
        Tables tables = Tables.of(query, replies.isPresent());
        tables.between(conditions, oldest, newest, query);
        LogQuery.Details details = query.details();
        query.recipient()
                .ifPresent(r -> conditions.add("r.address_lower = ?", Addresses.searchable(r)));
        details.domain().ifPresent(d -> conditions.add("r.domain = ?", Addresses.domain(d)));
        details.outcome().ifPresent(o -> conditions.add("r.state = ?", o.state()));
        query.sender()
                .ifPresent(s -> conditions.add("m.sender_lower = ?", Addresses.searchable(s)));
        details.messageId()
                .ifPresent(id -> conditions.add("m.message_id = ANY (?)", bothForms(id)));
        details.stream().ifPresent(s -> conditions.add("m.stream = ?", s));
        replies.ifPresent(ids -> conditions.add("e.reply_id = ANY (?)", ids));
        if (replies.isEmpty()) {
            details.status().ifPresent(s -> statusOfEvent(conditions, s));
        }
        details.bounceClass()
                .ifPresent(c -> conditions.add("e.bounce_class = ?", c.toUpperCase(Locale.ROOT)));
        if (tables.event()) {
            byEntries(tables, conditions, deadline);
        } else {
            byIds(tables, conditions);
        }
    }

    private void byIds(Tables tables, Conditions conditions) throws SQLException {
        String sql =
                "SELECT DISTINCT %1$s, %2$s FROM %3$s%4$s ORDER BY %1$s DESC, %2$s DESC LIMIT %5$d"
                        .formatted(
                                tables.day(),
                                tables.id(),
                                tables.from(),
                                conditions,
                                query.limit() - found.size());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            conditions.bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(2));
                }
            }
        }
    }

    /** A mail may have many events that fit: they are read on until there are mails enough. */
    private void byEntries(Tables tables, Conditions conditions, long deadline)
            throws SQLException {
        Conditions page = conditions;
        while (true) {
            int limit = 4 * (query.limit() - found.size()) + 16;
            String sql =
                    "SELECT e.day, e.entry_id, e.mail_id FROM %s%s ORDER BY e.day DESC, e.entry_id DESC LIMIT %d"
                            .formatted(tables.from(), page, limit);
            int rows = 0;
            String last = "";
            LocalDate lastDay = LocalDate.EPOCH;
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                page.bind(statement);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next() && found.size() < query.limit()) {
                        rows++;
                        lastDay = row.getObject(1, LocalDate.class);
                        last = row.getString(2);
                        found.add(row.getString(3));
                    }
                }
            }
            if (rows < limit || found.size() >= query.limit()) {
                return;
            }
            page = conditions.copy();
            page.add("e.day <= ?", lastDay);
            page.add("e.entry_id < ?", last);
            limit(deadline);
        }
    }

    /** The days that there are between the query's times, newest first. */
    private List<LocalDate> days() throws SQLException {
        if (query.id().isPresent()) {
            return List.of(query.id().get().day());
        }
        List<LocalDate> days = new ArrayList<>();
        for (LocalDate day : LogDays.days(connection)) {
            if (query.from().filter(from -> day.isBefore(dayOf(from))).isEmpty()
                    && query.to().filter(to -> day.isAfter(dayOf(to))).isEmpty()
                    && query.before().filter(mail -> day.isAfter(mail.day())).isEmpty()) {
                days.addFirst(day);
            }
        }
        return days;
    }

    /** The entries of the dictionary that fit; empty when nothing is asked of it. */
    private Optional<Long[]> replies() throws SQLException, LogUnavailableException {
        LogQuery.Details details = query.details();
        if (details.reply().isEmpty() && details.status().isEmpty()) {
            return Optional.empty();
        }
        Conditions conditions = new Conditions();
        details.reply()
                .ifPresent(words ->
                        conditions.add(
                                "words @@ to_tsquery('simple', ?)", ReplyTemplate.words(words)));
        details.status().ifPresent(status -> statusOfReply(conditions, status));
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT id FROM reply" + conditions + " LIMIT " + (REPLIES + 1))) {
            conditions.bind(statement);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        if (ids.size() <= REPLIES) {
            return Optional.of(ids.toArray(new Long[0]));
        }
        if (details.reply().isPresent()) {
            throw LogUnavailableException.tooBroad(
                    "More than " + REPLIES + " different replies have these words. Add another.");
        }
        return Optional.empty();
    }

    private static void statusOfReply(Conditions conditions, String status) {
        if (status.matches("\\d{3}")) {
            conditions.add("code = ?", Integer.valueOf(status));
        } else if (status.matches(EXACT_STATUS)) {
            conditions.add("status = ?", status);
        } else {
            conditions.add("status LIKE ?", status + ".%");
        }
    }

    private static void statusOfEvent(Conditions conditions, String status) {
        if (status.matches("\\d{3}")) {
            conditions.add("e.reply_code = ?", Integer.valueOf(status));
        } else if (status.matches(EXACT_STATUS)) {
            conditions.add("e.status = ?", status);
        } else {
            conditions.add("e.status LIKE ?", status + ".%");
        }
    }

    private static String[] bothForms(String messageId) {
        boolean bare = !messageId.startsWith("<") || !messageId.endsWith(">");
        return bare
                ? new String[] {messageId, "<" + messageId + ">"}
                : new String[] {messageId, messageId.substring(1, messageId.length() - 1)};
    }

    /** The time that is left for the next statement. */
    private void limit(long deadline) throws SQLException {
        long millis = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL statement_timeout = " + millis);
        }
    }

    static LocalDate dayOf(Instant at) {
        return firstId(at).day();
    }

    /** The id's time part: less than every id of that millisecond, more than all before. */
    static String timePrefix(Instant at) {
        return firstId(at).value().substring(0, 10);
    }

    private static MailId firstId(Instant at) {
        return MailId.derived(at, "");
    }

    /** Which tables a query needs, and which of them leads. */
    private record Tables(boolean event, boolean recipient, boolean mail) {
        static Tables of(LogQuery query, boolean byReply) {
            LogQuery.Details details = query.details();
            boolean event =
                    byReply || details.status().isPresent() || details.bounceClass().isPresent();
            boolean recipient =
                    query.recipient().isPresent()
                            || details.domain().isPresent()
                            || details.outcome().isPresent();
            boolean mail =
                    query.sender().isPresent()
                            || details.messageId().isPresent()
                            || details.stream().isPresent();
            return new Tables(event, recipient, mail || (!event && !recipient));
        }

        String day() {
            return event ? "e.day" : recipient ? "r.day" : "m.day";
        }

        String id() {
            return event ? "e.mail_id" : recipient ? "r.mail_id" : "m.id";
        }

        String from() {
            List<String> joined = new ArrayList<>();
            if (event) {
                joined.add("event e");
            }
            if (recipient) {
                joined.add(
                        "recipient r"
                                + (event
                                        ? " ON r.day = e.day AND r.mail_id = e.mail_id"
                                                + " AND r.address = e.recipient"
                                        : ""));
            }
            if (mail) {
                joined.add(
                        "mail m"
                                + (event || recipient
                                        ? " ON m.day = " + day() + " AND m.id = " + id()
                                        : ""));
            }
            return String.join(" JOIN ", joined);
        }

        /** Said of each table, since partitions and ranges of keys are ruled out one by one. */
        void between(Conditions conditions, LocalDate oldest, LocalDate newest, LogQuery query) {
            if (event) {
                between(conditions, "e.day", "e.entry_id", oldest, newest, query);
                query.id()
                        .ifPresent(id -> {
                            conditions.add("e.entry_id >= ?", id.value() + "/");
                            conditions.add("e.entry_id < ?", id.value() + "0");
                        });
            }
            if (recipient) {
                between(conditions, "r.day", "r.mail_id", oldest, newest, query);
                query.id().ifPresent(id -> conditions.add("r.mail_id = ?", id.value()));
            }
            if (mail) {
                between(conditions, "m.day", "m.id", oldest, newest, query);
                query.id().ifPresent(id -> conditions.add("m.id = ?", id.value()));
            }
        }

        private static void between(
                Conditions conditions,
                String day,
                String key,
                LocalDate oldest,
                LocalDate newest,
                LogQuery query) {
            if (oldest.equals(newest)) {
                conditions.add(day + " = ?", oldest);
            } else {
                conditions.add(day + " >= ?", oldest);
                conditions.add(day + " <= ?", newest);
            }
            query.from().ifPresent(from -> conditions.add(key + " >= ?", timePrefix(from)));
            query.to().ifPresent(to -> conditions.add(key + " < ?", timePrefix(to)));
            query.before().ifPresent(mail -> conditions.add(key + " < ?", mail.value()));
        }
    }

    /** A WHERE clause that grows. */
    private static final class Conditions {
        private final StringBuilder sql = new StringBuilder();
        private final List<Object> values = new ArrayList<>();

        void add(String condition, Object value) {
            sql.append(sql.isEmpty() ? " WHERE " : " AND ").append(condition);
            values.add(value);
        }

        Conditions copy() {
            Conditions copy = new Conditions();
            copy.sql.append(sql);
            copy.values.addAll(values);
            return copy;
        }

        void bind(PreparedStatement statement) throws SQLException {
            PGConnection postgres = statement.getConnection().unwrap(PGConnection.class);
            for (int i = 0; i < values.size(); i++) {
                switch (values.get(i)) {
                    case Long[] ids ->
                            statement.setArray(i + 1, postgres.createArrayOf("int8", ids));
                    case String[] texts ->
                            statement.setArray(i + 1, postgres.createArrayOf("text", texts));
                    case Object other -> statement.setObject(i + 1, other);
                }
            }
        }

        @Override
        public String toString() {
            return sql.toString();
        }
    }
}
