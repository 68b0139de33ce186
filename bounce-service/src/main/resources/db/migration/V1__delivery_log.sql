-- The delivery log. Everything about a mail lies in the partition of the day on which it was accepted,
-- which its id bears: so a repeated event meets its unique key however late it comes, and retention is
-- the dropping of partitions. There is no default partition: what fell into one would have to be moved
-- before the day could get its own. Partitions are made when a day is first written to.
--
-- Ids and keys are compared byte by byte (COLLATE "C"): an id sorts by its time, and an entry id begins
-- with its mail's id, so that one index serves as unique key and as the way to a mail's story.

CREATE TABLE mail (
    day             date        NOT NULL,
    id              text        NOT NULL COLLATE "C",
    accepted_at     timestamptz NOT NULL,
    stream          text        NOT NULL,
    sender          text        NOT NULL,                -- empty: the null reverse-path
    sender_lower    text        NOT NULL COLLATE "C",
    client_address  text        NOT NULL,
    client_helo     text        NOT NULL,
    client_login    text,
    message_id      text,                                -- the header field, not ours
    envid           text,
    size            bigint      NOT NULL,                -- octets of the message as stored
    recipients      integer     NOT NULL,
    PRIMARY KEY (day, id)
) PARTITION BY RANGE (day);

CREATE INDEX mail_by_sender ON mail (sender_lower, id);

-- One row a recipient (invariant 2). All columns but the keys are folded from what is known so far by
-- operations that commute (or, max, sum), so that acceptance and events may come in any order.
CREATE TABLE recipient (
    day             date        NOT NULL,
    mail_id         text        NOT NULL COLLATE "C",
    address         text        NOT NULL COLLATE "C",    -- as accepted
    address_lower   text        NOT NULL COLLATE "C",
    domain          text        NOT NULL COLLATE "C",    -- as DNS asks for it
    accepted        boolean     NOT NULL,                -- the acceptance itself has been read
    standing        smallint    NOT NULL,                -- of the leading event: see standing_of()
    lead_at         timestamptz NOT NULL,                -- the leading event, or the acceptance:
    lead_entry      text        NOT NULL COLLATE "C",    -- greatest (standing, lead_at, lead_entry)
    promised_at     timestamptz NOT NULL,                -- when the next event is due, unless it is final
    attempts        integer     NOT NULL,
    finals          smallint    NOT NULL,                -- different ends; each beyond one is a duplicate
    state           smallint    NOT NULL GENERATED ALWAYS AS
                        (CASE WHEN accepted THEN greatest(standing, 1) ELSE 0 END) STORED,
    state_before    smallint    NOT NULL DEFAULT 0,      -- by the last write, which moved the tally by
    finals_before   smallint    NOT NULL DEFAULT 0,      -- the difference
    PRIMARY KEY (day, mail_id, address)
) PARTITION BY RANGE (day);

COMMENT ON COLUMN recipient.state IS
    '0 not accepted yet, 1 open, 2 removed, 3 expired, 4 bounced, 5 delivered';

CREATE INDEX recipient_by_address ON recipient (address_lower, mail_id);

-- What the audit reads: small, since what is final leaves it.
CREATE INDEX recipient_open ON recipient (promised_at) WHERE state = 1;

CREATE TABLE event (
    day             date        NOT NULL,
    entry_id        text        NOT NULL COLLATE "C",    -- derived from its cause (invariant 3)
    mail_id         text        NOT NULL COLLATE "C",
    recipient       text        NOT NULL COLLATE "C",
    kind            text        NOT NULL,
    at              timestamptz NOT NULL,
    status          text        NOT NULL,                -- RFC 3463
    reply_code      integer,
    reply_text      text,
    reason          text        NOT NULL,
    next_attempt_at timestamptz,
    ambiguous       boolean     NOT NULL,
    dsn_id          text,
    attempt         integer,                             -- this and what follows: of the attempt
    job_id          text,
    instance        text,
    destination     text,
    source_address  text,
    remote_host     text,
    remote_address  text,
    tls             text,
    started_at      timestamptz,
    duration_ms     bigint,
    PRIMARY KEY (day, entry_id)
) PARTITION BY RANGE (day);

-- Which event leads: among the ends delivered wins, any end wins over what is not final. 0 is the
-- acceptance alone.
CREATE FUNCTION standing_of(kind text) RETURNS smallint LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT (CASE kind
        WHEN 'DELIVERED' THEN 5
        WHEN 'BOUNCED' THEN 4
        WHEN 'EXPIRED' THEN 3
        WHEN 'REMOVED' THEN 2
        ELSE 1 END)::smallint
$$;

-- What the audit sums up, so that it need not count rows. Each reader of a partition moves rows of its
-- own, so that batches do not wait for each other.
CREATE TABLE tally (
    day             date        NOT NULL,
    topic           text        NOT NULL,
    partition       integer     NOT NULL,
    accepted        bigint      NOT NULL,
    delivered       bigint      NOT NULL,
    bounced         bigint      NOT NULL,
    expired         bigint      NOT NULL,
    removed         bigint      NOT NULL,
    duplicates      bigint      NOT NULL,
    PRIMARY KEY (day, topic, partition)
);

-- Where each tail reads on; advanced by compare-and-set in the transaction of its batch.
CREATE TABLE log_offset (
    topic           text        NOT NULL,
    partition       integer     NOT NULL,
    next_offset     bigint      NOT NULL,
    PRIMARY KEY (topic, partition)
);
