package posthaste.bounce.deliverylog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import posthaste.mail.envelope.Envelope;
import posthaste.mail.envelope.Recipient;

/** Writes acceptances: the mails, and each recipient as open until an event says otherwise. */
final class AcceptanceStatement {
    private static final String MAILS =
            """
            INSERT INTO mail (day, id, accepted_at, stream, sender, sender_lower, client_address,
                client_helo, client_login, message_id, envid, size, recipients)
            SELECT DISTINCT ON (day_number, id)
                date '1970-01-01' + day_number, id, to_timestamp(accepted_ms / 1000.0), stream, sender,
                sender_lower, client_address, client_helo, client_login, message_id, envid, size,
                recipients
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                AS t(day_number, id, accepted_ms, stream, sender, sender_lower, client_address,
                    client_helo, client_login, message_id, envid, size, recipients)
            ORDER BY day_number, id
            ON CONFLICT (day, id) DO NOTHING
            """;

    private static final String RECIPIENTS =
            """
            WITH folded AS (
                SELECT DISTINCT ON (day_number, mail_id, address)
                    date '1970-01-01' + day_number AS day, mail_id, address, address_lower, domain,
                    true AS accepted, 0 AS standing, to_timestamp(accepted_ms / 1000.0) AS lead_at,
                    '' AS lead_entry, to_timestamp(accepted_ms / 1000.0) AS promised_at, 0 AS attempts,
                    0 AS finals, accepted_ms, stream, chart_domain
                FROM unnest(?, ?, ?, ?, ?, ?, ?, ?)
                    AS t(day_number, mail_id, address, address_lower, domain, accepted_ms, stream,
                        chart_domain)
                ORDER BY day_number, mail_id, address
            )
            """
                    + RecipientFold.sql(
                            """
                            , counted AS (
                                INSERT INTO rollup (start, stream, domain, outcome, bounce_class, hard,
                                    events, encrypted)
                                SELECT MINUTE, stream, chart_domain, 'ACCEPTED', '', false, count(*), 0
                                FROM changed JOIN folded USING (day, mail_id, address)
                                WHERE state > 0 AND state_before = 0 AND COUNTED
                                GROUP BY 1, 2, 3
                            )
                            """
                                    .replace("MINUTE", Rollup.MINUTE_OF.formatted("accepted_ms"))
                                    .replace("COUNTED", Rollup.COUNTED));

    private final Rows mails =
            new Rows(
                    "int4", "text", "int8", "text", "text", "text", "text", "text", "text", "text",
                    "text", "int8", "int4");
    private final Rows recipients =
            new Rows("int4", "text", "text", "text", "text", "int8", "text", "text");
    private final ChartDomains domains;

    AcceptanceStatement(ChartDomains domains) {
        this.domains = domains;
    }

    void add(Envelope envelope, long size) {
        int day = (int) envelope.id().day().toEpochDay();
        long acceptedMs = envelope.acceptedAt().toEpochMilli();
        String sender = envelope.reversePath().toString();
        mails.add(
                day,
                envelope.id().value(),
                acceptedMs,
                envelope.stream().name(),
                sender,
                Addresses.searchable(sender),
                envelope.client().address(),
                envelope.client().helo(),
                envelope.client().login().orElse(null),
                envelope.messageId().orElse(null),
                envelope.envid().orElse(null),
                size,
                envelope.recipients().size());
        for (Recipient recipient : envelope.recipients()) {
            String address = recipient.address().toString();
            String domain = Addresses.domain(address);
            recipients.add(
                    day,
                    envelope.id().value(),
                    address,
                    Addresses.searchable(address),
                    domain,
                    acceptedMs,
                    envelope.stream().name(),
                    domains.of(domain));
        }
    }

    /**
     * Writes what was added.
     *
     * @return rows, repeats included
     */
    int execute(Connection connection, String topic, int partition) throws SQLException {
        if (mails.size() == 0) {
            return 0;
        }
        try (PreparedStatement statement = connection.prepareStatement(MAILS)) {
            mails.bind(statement);
            statement.executeUpdate();
        }
        try (PreparedStatement statement = connection.prepareStatement(RECIPIENTS)) {
            int next = recipients.bind(statement);
            statement.setString(next, topic);
            statement.setInt(next + 1, partition);
            statement.executeUpdate();
        }
        return mails.size() + recipients.size();
    }
}
