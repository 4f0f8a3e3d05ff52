-- Declarations, withdrawals and ranges do not fit the older tables: while there are any, NOT NULL stops this step. What the older
-- tables have no column for is given up: reasons, wordings, days, further documents, and how finely a number was printed.

CREATE TABLE observations_old (
    id                   TEXT NOT NULL,
    revision             INTEGER NOT NULL,
    series_id            BIGINT NOT NULL REFERENCES series (id),
    calendar             TEXT NOT NULL,
    start_on             DATE NOT NULL,
    end_on               DATE NOT NULL,
    digits               BIGINT NOT NULL,
    decimals             INTEGER NOT NULL,
    numerator_digits     BIGINT,
    numerator_decimals   INTEGER,
    denominator_digits   BIGINT,
    denominator_decimals INTEGER,
    status               TEXT NOT NULL,
    bound                TEXT NOT NULL,
    definition_version   INTEGER NOT NULL,
    locator              TEXT,
    submission           TEXT NOT NULL REFERENCES submissions (id),
    recorded_at          TIMESTAMP NOT NULL,
    superseded_at        TIMESTAMP,
    PRIMARY KEY (id, revision)
);

INSERT INTO observations_old (
    id, revision, series_id, calendar, start_on, end_on, digits, decimals, numerator_digits, numerator_decimals,
    denominator_digits, denominator_decimals, status, bound, definition_version, locator, submission, recorded_at,
    superseded_at
)
SELECT
    id, revision, series_id, calendar, start_on, end_on, CASE WHEN high_digits IS NULL THEN digits END, decimals,
    numerator_digits, numerator_decimals, denominator_digits, denominator_decimals, status, bound, definition_version,
    locator, submission, recorded_at, superseded_at
FROM observations;

DROP TABLE observations;
ALTER TABLE observations_old RENAME TO observations;
CREATE UNIQUE INDEX observations_current ON observations (series_id, calendar, end_on, start_on) WHERE superseded_at IS NULL;

DROP TABLE confirmations;

CREATE TABLE claims_old (
    observation   TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    digits        BIGINT NOT NULL,
    decimals      INTEGER NOT NULL,
    submission    TEXT NOT NULL REFERENCES submissions (id),
    recorded_at   TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    PRIMARY KEY (observation, kind, revision)
);

INSERT INTO claims_old (
    observation, revision, kind, digits, decimals, submission, recorded_at, superseded_at
)
SELECT
    observation, revision, kind, digits, decimals, submission, recorded_at, superseded_at
FROM claims;

DROP TABLE claims;
ALTER TABLE claims_old RENAME TO claims;
CREATE UNIQUE INDEX claims_current ON claims (observation, kind) WHERE superseded_at IS NULL;

CREATE TABLE targets_old (
    id            TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    series_id     BIGINT NOT NULL REFERENCES series (id),
    calendar      TEXT NOT NULL,
    start_on      DATE NOT NULL,
    end_on        DATE NOT NULL,
    kind          TEXT NOT NULL,
    digits        BIGINT NOT NULL,
    decimals      INTEGER NOT NULL,
    source_title  TEXT,
    source_number TEXT,
    source_date   DATE,
    client        TEXT NOT NULL REFERENCES clients (id),
    recorded_at   TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    PRIMARY KEY (id, revision)
);

INSERT INTO targets_old (
    id, revision, series_id, calendar, start_on, end_on, kind, digits, decimals, source_title, source_number, source_date,
    client, recorded_at, superseded_at
)
SELECT
    id, revision, series_id, calendar, start_on, end_on, kind, digits, decimals, source_title, source_number, source_date,
    client, recorded_at, superseded_at
FROM targets;

DROP TABLE targets;
ALTER TABLE targets_old RENAME TO targets;
CREATE UNIQUE INDEX targets_current ON targets (series_id, calendar, end_on, start_on) WHERE superseded_at IS NULL;

ALTER TABLE indicator_versions DROP COLUMN reason;
