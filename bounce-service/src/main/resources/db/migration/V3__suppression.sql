-- The suppression list as its page and REST search it. Truth is the topic mail.suppression, from which this is filled.
CREATE TABLE suppression (
    stream text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    class smallint NOT NULL,
    in_force boolean NOT NULL,
    count integer NOT NULL,
    reason text NOT NULL,
    source text NOT NULL,
    since timestamptz NOT NULL,
    last timestamptz NOT NULL,
    expires timestamptz,
    PRIMARY KEY (address, stream)
);

COMMENT ON COLUMN suppression.stream IS 'or * for all';
COMMENT ON COLUMN suppression.address IS 'normalised: local part folded, domain as A-labels';
COMMENT ON COLUMN suppression.class IS '0: taken out, by source, for reason, at last; else the class, counted from 1';

CREATE INDEX suppression_domain ON suppression ((split_part(address, '@', -1)) COLLATE "C", address, stream);
CREATE INDEX suppression_expires ON suppression (expires) WHERE expires IS NOT NULL;
