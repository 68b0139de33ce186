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

-- How much was queued, sampled every minute by the one who comes first, for the charts.
CREATE TABLE queue_sample (
    minute          timestamptz NOT NULL,
    queue           text        NOT NULL COLLATE "C",    -- incoming, deferred tiers, bounce, quarantine ...
    jobs            bigint      NOT NULL,
    oldest_seconds  bigint      NOT NULL,                -- age of the mail that waits longest
    PRIMARY KEY (minute, queue)
);

-- The destinations with most jobs at that moment.
CREATE TABLE queue_sample_destination (
    minute          timestamptz NOT NULL,
    destination     text        NOT NULL COLLATE "C",
    jobs            bigint      NOT NULL,
    oldest_seconds  bigint      NOT NULL,
    PRIMARY KEY (minute, destination)
);

-- What the body store held at that moment.
CREATE TABLE storage_sample (
    minute          timestamptz NOT NULL,
    name            text        NOT NULL COLLATE "C",
    used_bytes      bigint      NOT NULL,
    free_bytes      bigint      NOT NULL,
    PRIMARY KEY (minute, name)
);
