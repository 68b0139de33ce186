package posthaste.bounce.deliverylog;

/**
 * The end of both statements that write: a {@code folded} row for each recipient is merged into
 * what the log has, and the difference that makes goes to the tally.
 *
 * <p>Each column is merged by an operation that commutes and the rows are taken in the order of
 * their key, so that batches of several partitions may come in any order and never lock each other
 * in a circle.
 */
final class RecipientFold {
    private static final String MERGE =
            """
            , changed AS (
                INSERT INTO recipient AS r (day, mail_id, address, address_lower, domain, accepted,
                    standing, lead_at, lead_entry, promised_at, attempts, finals)
                SELECT day, mail_id, address, address_lower, domain, accepted,
                    standing, lead_at, lead_entry, promised_at, attempts, finals
                FROM folded
                ORDER BY day, mail_id, address
                ON CONFLICT (day, mail_id, address) DO UPDATE SET
                    accepted = r.accepted OR excluded.accepted,
                    attempts = greatest(r.attempts, excluded.attempts),
                    finals = r.finals + excluded.finals,
                    standing = CASE WHEN LEADS THEN excluded.standing ELSE r.standing END,
                    lead_at = CASE WHEN LEADS THEN excluded.lead_at ELSE r.lead_at END,
                    lead_entry = CASE WHEN LEADS THEN excluded.lead_entry ELSE r.lead_entry END,
                    promised_at = CASE WHEN LEADS THEN excluded.promised_at ELSE r.promised_at END,
                    state_before = r.state,
                    finals_before = r.finals
                RETURNING day, hour, mail_id, address, state, state_before, finals,
                    finals_before
            )
            MORE
            INSERT INTO tally AS t (day, hour, topic, partition, accepted, delivered, bounced,
                expired, removed, duplicates)
            SELECT day, hour, ?, ?,
                count(*) FILTER (WHERE state > 0) - count(*) FILTER (WHERE state_before > 0),
                count(*) FILTER (WHERE state = 5) - count(*) FILTER (WHERE state_before = 5),
                count(*) FILTER (WHERE state = 4) - count(*) FILTER (WHERE state_before = 4),
                count(*) FILTER (WHERE state = 3) - count(*) FILTER (WHERE state_before = 3),
                count(*) FILTER (WHERE state = 2) - count(*) FILTER (WHERE state_before = 2),
                sum(greatest(finals - 1, 0) - greatest(finals_before - 1, 0))
            FROM changed
            GROUP BY day, hour
            ORDER BY day, hour
            ON CONFLICT (day, hour, topic, partition) DO UPDATE SET
                accepted = t.accepted + excluded.accepted,
                delivered = t.delivered + excluded.delivered,
                bounced = t.bounced + excluded.bounced,
                expired = t.expired + excluded.expired,
                removed = t.removed + excluded.removed,
                duplicates = t.duplicates + excluded.duplicates
            """
                    .replace(
                            "LEADS",
                            "(excluded.standing, excluded.lead_at, excluded.lead_entry)"
                                    + " > (r.standing, r.lead_at, r.lead_entry)");

    /**
     * The merge; it takes topic and partition as its last two parameters.
     *
     * @param more common table expressions besides, each with a comma before it: they see the
     *     recipients that {@code changed}
     */
    static String sql(String more) {
        return MERGE.replace("MORE", more);
    }

    private RecipientFold() {}
}
