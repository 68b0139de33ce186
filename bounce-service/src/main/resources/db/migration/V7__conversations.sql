-- What both sides said during an attempt that did not deliver to all: a row an attempt, however many
-- recipients it had. Partitions are made and dropped with those of event.
CREATE TABLE conversation (
    day             date        NOT NULL,
    mail_id         text        NOT NULL COLLATE "C",
    job_id          text        NOT NULL COLLATE "C",
    attempt         integer     NOT NULL,
    started_ms      bigint      NOT NULL,
    said            text        NOT NULL,                -- docs/events.md
    PRIMARY KEY (day, mail_id, job_id, attempt, started_ms)
) PARTITION BY RANGE (day);
