-- The audit adds up by the hour of acceptance. An id begins with it: ten digits of Crockford's base 32,
-- milliseconds since 1970.
CREATE FUNCTION accepted_hour(id text) RETURNS smallint LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT ((
        ((strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(id, 1, 1)) - 1)::bigint << 45)
        | ((strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(id, 2, 1)) - 1)::bigint << 40)
        | ((strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(id, 3, 1)) - 1)::bigint << 35)
        | ((strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(id, 4, 1)) - 1)::bigint << 30)
        | ((strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(id, 5, 1)) - 1)::bigint << 25)
        | ((strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(id, 6, 1)) - 1)::bigint << 20)
        | ((strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(id, 7, 1)) - 1)::bigint << 15)
        | ((strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(id, 8, 1)) - 1)::bigint << 10)
        | ((strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(id, 9, 1)) - 1)::bigint << 5)
        | (strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(id, 10, 1)) - 1)::bigint
    ) / 3600000 % 24)::smallint
$$;

ALTER TABLE recipient ADD COLUMN hour smallint GENERATED ALWAYS AS (accepted_hour(mail_id)) STORED;

COMMENT ON COLUMN recipient.hour IS 'of acceptance, in UTC, within the day';

-- Whose events have been read, but not their acceptance: nobody, but for moments.
CREATE INDEX recipient_unaccepted ON recipient (lead_at) WHERE state = 0;

-- The tally is counted anew, by hour.
ALTER TABLE tally ADD COLUMN hour smallint NOT NULL DEFAULT 0;
ALTER TABLE tally ALTER COLUMN hour DROP DEFAULT;
ALTER TABLE tally DROP CONSTRAINT tally_pkey;
ALTER TABLE tally ADD PRIMARY KEY (day, hour, topic, partition);
DELETE FROM tally;
INSERT INTO tally (day, hour, topic, partition, accepted, delivered, bounced, expired, removed,
    duplicates)
SELECT day, hour, '', 0,
    count(*) FILTER (WHERE state > 0), count(*) FILTER (WHERE state = 5),
    count(*) FILTER (WHERE state = 4), count(*) FILTER (WHERE state = 3),
    count(*) FILTER (WHERE state = 2), sum(greatest(finals - 1, 0))
FROM recipient
GROUP BY day, hour;
