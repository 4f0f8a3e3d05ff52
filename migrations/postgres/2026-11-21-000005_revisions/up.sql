-- A revision can say that there is nothing to report, or that what was said was wrong; a figure can be a range; and every
-- revision can say why.

ALTER TABLE observations
    ADD COLUMN content TEXT NOT NULL DEFAULT 'figure',
    ADD COLUMN high_digits BIGINT,
    ADD COLUMN high_decimals INTEGER,
    ADD COLUMN printed_to INTEGER,
    ADD COLUMN as_of DATE,
    ADD COLUMN wording TEXT,
    ADD COLUMN reason TEXT,
    ALTER COLUMN digits DROP NOT NULL,
    ALTER COLUMN decimals DROP NOT NULL,
    ALTER COLUMN status DROP NOT NULL,
    ALTER COLUMN bound DROP NOT NULL;
ALTER TABLE observations ALTER COLUMN content DROP DEFAULT;

-- Further documents that say what a revision says.
CREATE TABLE confirmations (
    observation TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    submission  TEXT NOT NULL REFERENCES submissions (id),
    locator     TEXT,
    wording     TEXT,
    recorded_at TIMESTAMP NOT NULL,
    PRIMARY KEY (observation, revision, submission)
);

ALTER TABLE claims
    ADD COLUMN reason TEXT,
    ALTER COLUMN digits DROP NOT NULL,
    ALTER COLUMN decimals DROP NOT NULL;

ALTER TABLE targets
    ADD COLUMN reason TEXT,
    ALTER COLUMN kind DROP NOT NULL,
    ALTER COLUMN digits DROP NOT NULL,
    ALTER COLUMN decimals DROP NOT NULL;

ALTER TABLE indicator_versions ADD COLUMN reason TEXT;
