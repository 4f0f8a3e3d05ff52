-- A revision can say that there is nothing to report, or that what was said was wrong; a figure can be a range; and every
-- revision can say why. SQLite cannot let a column be empty that was not, so the tables are built anew and filled.

CREATE TABLE observations_new (
    id                   TEXT NOT NULL,
    revision             INTEGER NOT NULL,
    series_id            BIGINT NOT NULL REFERENCES series (id),
    calendar             TEXT NOT NULL,
    start_on             DATE NOT NULL,
    end_on               DATE NOT NULL,
    content              TEXT NOT NULL,
    digits               BIGINT,
    decimals             INTEGER,
    high_digits          BIGINT,
    high_decimals        INTEGER,
    printed_to           INTEGER,
    numerator_digits     BIGINT,
    numerator_decimals   INTEGER,
    denominator_digits   BIGINT,
    denominator_decimals INTEGER,
    status               TEXT,
    bound                TEXT,
    as_of                DATE,
    definition_version   INTEGER NOT NULL,
    locator              TEXT,
    wording              TEXT,
    reason               TEXT,
    submission           TEXT NOT NULL REFERENCES submissions (id),
    recorded_at          TIMESTAMP NOT NULL,
    superseded_at        TIMESTAMP,
    PRIMARY KEY (id, revision)
);

INSERT INTO observations_new (
    id, revision, series_id, calendar, start_on, end_on, content, digits, decimals, numerator_digits, numerator_decimals,
    denominator_digits, denominator_decimals, status, bound, definition_version, locator, submission, recorded_at, superseded_at
)
SELECT
    id, revision, series_id, calendar, start_on, end_on, 'figure', digits, decimals, numerator_digits, numerator_decimals,
    denominator_digits, denominator_decimals, status, bound, definition_version, locator, submission, recorded_at, superseded_at
FROM observations;

DROP TABLE observations;
ALTER TABLE observations_new RENAME TO observations;
CREATE UNIQUE INDEX observations_current ON observations (series_id, calendar, end_on, start_on) WHERE superseded_at IS NULL;

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

CREATE TABLE claims_new (
    observation   TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    digits        BIGINT,
    decimals      INTEGER,
    reason        TEXT,
    submission    TEXT NOT NULL REFERENCES submissions (id),
    recorded_at   TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    PRIMARY KEY (observation, kind, revision)
);

INSERT INTO claims_new (observation, revision, kind, digits, decimals, submission, recorded_at, superseded_at)
SELECT observation, revision, kind, digits, decimals, submission, recorded_at, superseded_at FROM claims;

DROP TABLE claims;
ALTER TABLE claims_new RENAME TO claims;
CREATE UNIQUE INDEX claims_current ON claims (observation, kind) WHERE superseded_at IS NULL;

CREATE TABLE targets_new (
    id            TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    series_id     BIGINT NOT NULL REFERENCES series (id),
    calendar      TEXT NOT NULL,
    start_on      DATE NOT NULL,
    end_on        DATE NOT NULL,
    kind          TEXT,
    digits        BIGINT,
    decimals      INTEGER,
    source_title  TEXT,
    source_number TEXT,
    source_date   DATE,
    reason        TEXT,
    client        TEXT NOT NULL REFERENCES clients (id),
    recorded_at   TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    PRIMARY KEY (id, revision)
);

INSERT INTO targets_new (
    id, revision, series_id, calendar, start_on, end_on, kind, digits, decimals, source_title, source_number, source_date,
    client, recorded_at, superseded_at
)
SELECT
    id, revision, series_id, calendar, start_on, end_on, kind, digits, decimals, source_title, source_number, source_date,
    client, recorded_at, superseded_at
FROM targets;

DROP TABLE targets;
ALTER TABLE targets_new RENAME TO targets;
CREATE UNIQUE INDEX targets_current ON targets (series_id, calendar, end_on, start_on) WHERE superseded_at IS NULL;

ALTER TABLE indicator_versions ADD COLUMN reason TEXT;
