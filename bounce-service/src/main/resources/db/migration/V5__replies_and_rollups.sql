-- What remote servers say, once each: numbers, addresses and ids replaced, so that a hundred million events
-- have some thousands of them. The id is a hash of what stands here, so that nobody need ask for it.
CREATE TABLE reply (
    id              bigint      NOT NULL PRIMARY KEY,
    code            integer     NOT NULL,                -- SMTP; 0: no server said it, we did
    status          text        NOT NULL COLLATE "C",    -- RFC 3463
    template        text        NOT NULL,
    bounce_class    text        COLLATE "C",             -- by the rules of the last reclassification, or of
                                                         -- when it was first said; null: no refusal
    hard            boolean     NOT NULL,
    last_day        date        NOT NULL,                -- of the events that have it; then it may go
    words           tsvector    NOT NULL GENERATED ALWAYS AS (
                        to_tsvector('simple', regexp_replace(template, '[^[:alnum:]]+', ' ', 'g'))) STORED
);

CREATE INDEX reply_by_words ON reply USING gin (words);
CREATE INDEX reply_by_status ON reply (status);

-- Without a value in what was written before: nothing is rewritten, and the columns are there at once.
ALTER TABLE event
    ADD COLUMN reply_id     bigint,
    ADD COLUMN bounce_class text COLLATE "C",            -- of refusals and deferrals
    ADD COLUMN hard         boolean,
    ADD COLUMN stream       text COLLATE "C",            -- this and the next: where the rollup counts it;
    ADD COLUMN chart_domain text COLLATE "C";            -- only of those that have a class, which may change

-- Only on the parents: days to come get them with their partitions, and those that are there get them one by
-- one, while all goes on (IndexUpkeep). Built here they would keep writers waiting for hours.
CREATE INDEX event_by_reply ON ONLY event (reply_id);
CREATE INDEX event_by_class ON ONLY event (bounce_class) WHERE bounce_class IS NOT NULL;
CREATE INDEX recipient_by_domain ON ONLY recipient (domain);
CREATE INDEX mail_by_message_id ON ONLY mail USING hash (message_id);

-- Destinations that charts tell apart; all others are one, the empty name. Bounded, so that the rollup is.
CREATE TABLE chart_domain (
    domain          text        NOT NULL COLLATE "C" PRIMARY KEY
);

-- What charts are made of. A batch adds rows and changes none, in its own transaction, so that it waits for
-- nobody; corrections are rows too, with negative counts. RollupSums adds them up, and makes hours and days of
-- minutes. Whoever reads sums.
CREATE TABLE rollup (
    start           timestamptz NOT NULL,                -- when it happened, not when it was accepted
    step            integer     NOT NULL DEFAULT 60,     -- seconds: a minute, an hour, a day
    summed          boolean     NOT NULL DEFAULT false,
    stream          text        NOT NULL COLLATE "C",    -- empty: not known
    domain          text        NOT NULL COLLATE "C",
    outcome         text        NOT NULL COLLATE "C",    -- ACCEPTED, or an event's kind
    bounce_class    text        NOT NULL COLLATE "C",    -- empty: none
    hard            boolean     NOT NULL,
    events          bigint      NOT NULL,
    encrypted       bigint      NOT NULL,                -- of them, by TLS
    -- Deliveries by time since acceptance, null: none. The bounds stand in LatencyBuckets.
    w0              bigint,
    w1              bigint,
    w2              bigint,
    w3              bigint,
    w4              bigint,
    w5              bigint,
    w6              bigint,
    w7              bigint,
    w8              bigint,
    w9              bigint,
    w10             bigint,
    w11             bigint,
    w12             bigint,
    w13             bigint,
    w14             bigint,
    w15             bigint,
    w16             bigint,
    w17             bigint,
    w18             bigint,
    w19             bigint,
    w20             bigint,
    w21             bigint,
    w22             bigint,
    w23             bigint,
    w24             bigint,
    w25             bigint,
    w26             bigint,
    w27             bigint,
    w28             bigint,
    w29             bigint,
    w30             bigint,
    w31             bigint
);

CREATE INDEX rollup_by_start ON rollup (start);         -- for charts
CREATE INDEX rollup_by_step ON rollup (step, start);    -- for what is to become coarser
CREATE INDEX rollup_unsummed ON rollup (start) WHERE NOT summed;
ALTER TABLE rollup SET (autovacuum_vacuum_scale_factor = 0.05);

-- The day before which everything was let go: a repeat from before does not count a second time.
CREATE TABLE log_floor (
    day             date        NOT NULL
);
INSERT INTO log_floor VALUES ('-infinity');
