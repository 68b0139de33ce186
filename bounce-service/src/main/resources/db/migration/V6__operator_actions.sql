-- What people did on page and REST: written before it is done, so that nothing is done by nobody.
CREATE TABLE operator_action (
    id              bigint      NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at              timestamptz NOT NULL,
    operator        text        NOT NULL,
    role            text        NOT NULL,
    address         text        NOT NULL,                -- where the request came from
    action          text        NOT NULL COLLATE "C",    -- as quarantine.release
    target          text        NOT NULL,
    detail          text        NOT NULL,
    result          text                                 -- null: under way, or the process died over it
);

CREATE INDEX operator_action_by_operator ON operator_action (operator, id);

-- How much was queued, once a minute, by the instance that comes first: for the charts. It takes the minute
-- before it looks, since a look reads the whole queue.
CREATE TABLE queue_sample (
    minute          timestamptz NOT NULL PRIMARY KEY,
    jobs            bigint,                              -- null, as what follows: it is looking, or has died
    recipients      bigint,
    oldest_seconds  bigint                               -- age of the mail that waits longest
);

-- How much room there was, at the same minutes.
CREATE TABLE storage_sample (
    minute          timestamptz NOT NULL PRIMARY KEY,
    free            bigint,                              -- octets on the fullest disk of the process that looked
    log_size        bigint      NOT NULL                 -- octets of this database
);

-- Who runs the servers that a destination was last reached at; empty: not known (yet).
ALTER TABLE chart_domain ADD COLUMN provider text NOT NULL DEFAULT '';
