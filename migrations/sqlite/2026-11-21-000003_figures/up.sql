-- Figures, claims and targets. A row is a revision: it is appended, and when a later one replaces it,
-- superseded_at says since when. The revision without it is the current one, and there is one per series and days.
-- A number is its digits and how many of them stand behind the point: 77.15 is (7715, 2).

CREATE TABLE submissions (
    id            TEXT PRIMARY KEY NOT NULL,
    client        TEXT NOT NULL REFERENCES clients (id),
    organisation  TEXT,
    state         TEXT NOT NULL,
    source_title  TEXT,
    source_number TEXT,
    source_date   DATE,
    outcomes      TEXT NOT NULL,
    received_at   TIMESTAMP NOT NULL
);

CREATE TABLE series (
    id        INTEGER PRIMARY KEY NOT NULL,
    province  TEXT NOT NULL REFERENCES provinces (key),
    indicator TEXT NOT NULL,
    breakdown TEXT NOT NULL,
    UNIQUE (province, indicator, breakdown)
);

CREATE TABLE observations (
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

CREATE UNIQUE INDEX observations_current ON observations (series_id, calendar, end_on, start_on) WHERE superseded_at IS NULL;

CREATE TABLE claims (
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

CREATE UNIQUE INDEX claims_current ON claims (observation, kind) WHERE superseded_at IS NULL;

CREATE TABLE targets (
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

CREATE UNIQUE INDEX targets_current ON targets (series_id, calendar, end_on, start_on) WHERE superseded_at IS NULL;
