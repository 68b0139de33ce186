package posthaste.bounce.deliverylog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import posthaste.bounce.events.Meaning;
import posthaste.bounce.inbound.rules.BounceClassifier;
import posthaste.mail.record.Event;
import posthaste.mail.record.Event.Kind;
import posthaste.mail.status.Reply;

/**
 * What remote servers have said, each thing once, with what it means by the rules in force: rules
 * are asked once for a template and not once for an event, live and when the past is classified
 * again, so that both always agree.
 */
final class ReplyDictionary {
    private static final int REMEMBERED = 50_000;

    /**
     * Committed before the batch that needs it: an entry that nobody comes to need does no harm,
     * and batches do not wait for each other's.
     */
    private static final String NOTE =
            """
            INSERT INTO reply AS r (id, code, status, template, bounce_class, hard, last_day)
            SELECT id, code, status, template, bounce_class, hard, date '1970-01-01' + day_number
            FROM unnest(?, ?, ?, ?, ?, ?, ?)
                AS t(id, code, status, template, bounce_class, hard, day_number)
            ORDER BY id
            ON CONFLICT (id) DO UPDATE SET
                last_day = excluded.last_day
            WHERE r.last_day < excluded.last_day
            """;

    private final Supplier<BounceClassifier> rules;
    private final Map<Long, Meaning> meanings = remembering();
    private final Map<Long, LocalDate> noted = remembering();
    private BounceClassifier asked;

    ReplyDictionary(Supplier<BounceClassifier> rules) {
        this.rules = rules;
        this.asked = rules.get();
    }

    /**
     * One template.
     *
     * @param code 0: no server said it
     */
    record Entry(long id, int code, String status, String template, Meaning meaning) {}

    /** The entry of what was said; empty when nothing was. */
    Optional<Entry> entry(Event.Entry event) {
        String text = Meaning.said(event);
        if (event.reply().isEmpty() && text.isEmpty() && !Meaning.isByRules(event.kind())) {
            return Optional.empty();
        }
        return Optional.of(
                entry(
                        event.kind(),
                        event.reply().map(Reply::code).orElse(0),
                        event.status().toString(),
                        text));
    }

    Entry entry(Kind kind, int code, String status, String text) {
        String template = Meaning.template(text);
        // Of the same words a delivery is no refusal: they are two entries.
        boolean refused = Meaning.isByRules(kind);
        long id = id(code, status, refused, template);
        return new Entry(
                id,
                code,
                status,
                template,
                refused ? meaning(id, code, status, template) : Meaning.NO_REFUSAL);
    }

    /** What an event of this kind means, given the entry of what was said. */
    static Meaning meaning(Kind kind, Optional<Entry> said) {
        return Meaning.isByRules(kind)
                ? said.map(Entry::meaning).orElse(Meaning.NO_REFUSAL)
                : Meaning.of(kind);
    }

    /** By the rules in force. */
    Meaning classify(int code, String status, String template) {
        return Meaning.of(code, status, template, current());
    }

    /** Has the database know these entries; commits. */
    void note(Connection connection, Map<Entry, LocalDate> entries) throws SQLException {
        Rows rows = new Rows("int8", "int4", "text", "text", "text", "bool", "int4");
        Map<Long, LocalDate> news = new TreeMap<>();
        entries.forEach((entry, day) -> {
            LocalDate known = lastNoted(entry.id());
            if (known == null || known.isBefore(day)) {
                news.put(entry.id(), day);
                rows.add(
                        entry.id(),
                        entry.code(),
                        entry.status(),
                        entry.template(),
                        entry.meaning().bounceClass().orElse(null),
                        entry.meaning().hard(),
                        (int) day.toEpochDay());
            }
        });
        if (rows.size() == 0) {
            return;
        }
        connection.setAutoCommit(true);
        try (PreparedStatement statement = connection.prepareStatement(NOTE)) {
            rows.bind(statement);
            statement.executeUpdate();
        }
        noted.putAll(news);
    }

    /**
     * Asks the database again: another process may have let go of entries, or the database is new.
     */
    void forget() {
        noted.clear();
    }

    private @Nullable LocalDate lastNoted(long id) {
        return noted.get(id);
    }

    private Meaning meaning(long id, int code, String status, String template) {
        current();
        Meaning known = meanings.get(id);
        if (known != null) {
            return known;
        }
        Meaning meaning = classify(code, status, template);
        meanings.put(id, meaning);
        return meaning;
    }

    /** The rules in force; what older ones said is forgotten. */
    private synchronized BounceClassifier current() {
        BounceClassifier now = rules.get();
        if (now != asked) {
            asked = now;
            meanings.clear();
            noted.clear();
        }
        return now;
    }

    private static long id(int code, String status, boolean refused, String template) {
        try {
            String all = code + "\n" + status + "\n" + refused + "\n" + template;
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(all.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static <V> Map<Long, V> remembering() {
        return Collections.synchronizedMap(
                new LinkedHashMap<>(1024, 0.75f, true) {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Long, V> eldest) {
                        return size() > REMEMBERED;
                    }
                });
    }
}
