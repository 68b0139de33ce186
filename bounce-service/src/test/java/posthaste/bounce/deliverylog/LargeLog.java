package posthaste.bounce.deliverylog;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import posthaste.bounce.deliverylog.ReplyDictionary.Entry;
import posthaste.bounce.inbound.rules.RuleBook;
import posthaste.mail.envelope.MailId;
import posthaste.mail.record.Event.Kind;

/**
 * A log of any size, as a relay of some years has it: few domains get most mails, few senders send
 * most, and few replies make up most refusals. One recipient a mail; nine of ten are delivered at
 * once. Written by COPY, day by day, in the form in which batches would have left it.
 */
final class LargeLog {
    static final int DAYS = 30;
    private static final int PORTION = 20_000;
    private static final int DOMAINS = 50_000;
    private static final int SENDERS = 500;

    private static final List<String> REFUSALS =
            List.of(
                    "550 5.1.1 <%s>: Recipient address rejected: User unknown in virtual table",
                    "550 5.1.1 The email account that you tried to reach does not exist %d - gsmtp",
                    "552 5.2.2 %s mailbox is full, quota %d",
                    "550 5.7.1 Message %d rejected due to spam content",
                    "554 5.7.1 Service unavailable; client [192.0.2.%d] blocked using zen.example",
                    "550 5.7.26 Unauthenticated email from %s is not accepted due to DMARC policy",
                    "550 5.4.1 Recipient address rejected: Access denied %d",
                    "550 5.2.1 The account %s is disabled",
                    "451 4.7.1 Greylisting in action, please come back in %d seconds",
                    "421 4.7.0 Too many connections from 192.0.2.%d",
                    "452 4.2.2 %s is over quota",
                    "450 4.3.2 System not accepting messages, id %d");

    private final Connection connection;
    private final Instant end;
    private final SplittableRandom chance = new SplittableRandom(4711);
    private final ReplyDictionary replies;
    private final Set<String> charted = new HashSet<>();
    private final StringBuilder mails = new StringBuilder();
    private final StringBuilder recipients = new StringBuilder();
    private final StringBuilder events = new StringBuilder();

    LargeLog(Connection connection, Instant end) {
        this.connection = connection;
        this.end = end;
        var rules = RuleBook.shipped();
        this.replies = new ReplyDictionary(() -> rules);
    }

    /** The mail of this number, counted from the oldest, of {@code all}. */
    static MailId id(Instant end, long number, long all) {
        long back = Math.round((all - number) * (Duration.ofDays(DAYS).toMillis() / (double) all));
        return MailId.derived(end.minusMillis(back), "mail " + number);
    }

    static String recipient(long number) {
        return "user" + number * 7919 % 1_000_003 + "@" + domain(number);
    }

    /** A few are everywhere: the square of an even number is uneven. */
    private static String domain(long number) {
        double even = (number * 2654435761L & 0xffff_ffffL) / 4294967296.0;
        return "domain" + (int) (Math.pow(DOMAINS, even) - 1) + ".example";
    }

    static String sender(long number) {
        double even = (number * 40503L & 0xffffL) / 65536.0;
        return "sender" + (int) (Math.pow(SENDERS, even) - 1) + "@shop.example.com";
    }

    /** Writes all; each day when it is full. */
    void write(long all) throws SQLException, IOException {
        LogDays days = new LogDays();
        LocalDate day = LocalDate.EPOCH;
        Map<Entry, LocalDate> said = new HashMap<>();
        for (long number = 0; number < all; number++) {
            MailId id = id(end, number, all);
            if (!id.day().equals(day) || mails.length() > PORTION * 200) {
                flush(said);
                day = id.day();
                days.prepare(connection, Set.of(day));
                connection.setAutoCommit(true);
            }
            add(id, number, said);
        }
        flush(said);
        try (Statement statement = connection.createStatement()) {
            statement.execute("ANALYZE mail, recipient, event, reply");
        }
    }

    private void add(MailId id, long number, Map<Entry, LocalDate> said) {
        String day = id.day().toString();
        Instant at = id.acceptedAt();
        String to = recipient(number);
        String domain = to.substring(to.indexOf('@') + 1);
        boolean refused = chance.nextInt(100) < 4;
        boolean deferred = chance.nextInt(100) < 5;
        line(
                mails,
                day,
                id,
                at,
                "transactional",
                sender(number),
                sender(number),
                "192.0.2.9",
                "app.example.com",
                "\\N",
                "<" + number + "@app.example.com>",
                "\\N",
                20_000,
                1);
        Instant then = at.plusMillis(200 + chance.nextInt(4000));
        if (deferred) {
            event(id, to, domain, Kind.DEFERRED, then, 1, said);
            then = then.plusSeconds(60);
        }
        if (refused) {
            event(id, to, domain, Kind.FAILED, then, 2, said);
        }
        Kind last = refused ? Kind.BOUNCED : Kind.DELIVERED;
        event(id, to, domain, last, then, 2, said);
        line(
                recipients,
                day,
                id,
                to,
                to,
                domain,
                true,
                refused ? 4 : 5,
                then,
                id + "/" + to + "/" + last,
                then,
                deferred ? 2 : 1,
                1);
    }

    private void event(
            MailId id,
            String to,
            String domain,
            Kind kind,
            Instant at,
            int attempt,
            Map<Entry, LocalDate> said) {
        String reply = reply(kind, to);
        int code = Integer.parseInt(reply.substring(0, 3));
        String text = reply.substring(4);
        String status = text.substring(0, text.indexOf(' '));
        Entry entry = replies.entry(kind, code, status, text);
        said.put(entry, id.day());
        boolean refusal = entry.meaning().bounceClass().isPresent();
        if (charted.size() < LogProperties.CHART_DOMAINS) {
            charted.add(domain);
        }
        String key = id + "/" + to + "/" + kind;
        line(
                events,
                id.day(),
                kind.isFinal() ? key : key + "/" + attempt + "/" + at.toEpochMilli(),
                id,
                to,
                kind,
                at,
                status,
                code,
                text,
                "",
                "\\N",
                false,
                "\\N",
                attempt,
                id + ".0",
                "relay-1",
                domain,
                "192.0.2.7",
                "mx1." + domain,
                "198.51.100.9:25",
                "TLSv1.3 TLS_AES_256_GCM_SHA384",
                at.minusMillis(150),
                150,
                entry.id(),
                refusal ? entry.meaning().bounceClass().orElseThrow() : "\\N",
                refusal ? entry.meaning().hard() : "\\N",
                refusal ? "transactional" : "\\N",
                refusal ? charted.contains(domain) ? domain : "" : "\\N");
    }

    private String reply(Kind kind, String to) {
        int number = chance.nextInt(1_000_000_000);
        if (kind == Kind.DELIVERED) {
            return "250 2.0.0 Ok: queued as "
                    + Integer.toHexString(number + 0x10000000).toUpperCase(Locale.ROOT);
        }
        // The first are the frequent ones.
        boolean later = kind == Kind.DEFERRED;
        int which = (int) (Math.pow(later ? 4 : 8, chance.nextDouble()) - 1) + (later ? 8 : 0);
        String said = REFUSALS.get(which);
        return said.contains("%s") && said.contains("%d")
                ? said.formatted(to, number)
                : said.contains("%s") ? said.formatted(to) : said.formatted(number % 251);
    }

    private void flush(Map<Entry, LocalDate> said) throws SQLException, IOException {
        replies.note(connection, said);
        said.clear();
        connection.setAutoCommit(false);
        copy(
                "mail (day, id, accepted_at, stream, sender, sender_lower, client_address, client_helo,"
                        + " client_login, message_id, envid, size, recipients)",
                mails);
        copy(
                "recipient (day, mail_id, address, address_lower, domain, accepted, standing, lead_at,"
                        + " lead_entry, promised_at, attempts, finals)",
                recipients);
        copy(
                "event (day, entry_id, mail_id, recipient, kind, at, status, reply_code, reply_text,"
                        + " reason, next_attempt_at, ambiguous, dsn_id, attempt, job_id, instance,"
                        + " destination, source_address, remote_host, remote_address, tls, started_at,"
                        + " duration_ms, reply_id, bounce_class, hard, stream, chart_domain)",
                events);
        connection.commit();
        connection.setAutoCommit(true);
    }

    private void copy(String table, StringBuilder rows) throws SQLException, IOException {
        CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
        copies.copyIn("COPY " + table + " FROM STDIN", new StringReader(rows.toString()));
        rows.setLength(0);
    }

    private static void line(StringBuilder out, Object... values) {
        for (int i = 0; i < values.length; i++) {
            out.append(i == 0 ? "" : "\t").append(values[i]);
        }
        out.append('\n');
    }
}
