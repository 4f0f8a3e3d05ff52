-- A table for each kind again. The tables of indicators, rules and organisations keep no source, and those of indicators and rules no
-- withdrawal: neither was ever recorded for them.

CREATE TABLE province_versions (
    id            INTEGER PRIMARY KEY NOT NULL,
    province      TEXT NOT NULL REFERENCES provinces (key),
    version       INTEGER NOT NULL,
    definition    TEXT,
    source_title  TEXT,
    source_number TEXT,
    source_date   DATE,
    reason        TEXT,
    recorded_at   TIMESTAMP NOT NULL,
    recorded_by   TEXT,
    UNIQUE (province, version)
);

INSERT INTO province_versions (province, version, definition, source_title, source_number, source_date, reason, recorded_at, recorded_by)
SELECT code, version, definition, source_title, source_number, source_date, reason, recorded_at, recorded_by
FROM definition_versions WHERE kind = 'province' ORDER BY id;

CREATE TABLE indicator_versions (
    id          INTEGER PRIMARY KEY NOT NULL,
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    definition  TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT,
    reason      TEXT,
    UNIQUE (code, version)
);

INSERT INTO indicator_versions (code, version, definition, recorded_at, recorded_by, reason)
SELECT code, version, definition, recorded_at, recorded_by, reason FROM definition_versions WHERE kind = 'indicator' ORDER BY id;

CREATE TABLE rule_versions (
    id          INTEGER PRIMARY KEY NOT NULL,
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    definition  TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT,
    reason      TEXT,
    UNIQUE (code, version)
);

INSERT INTO rule_versions (code, version, definition, recorded_at, recorded_by, reason)
SELECT code, version, definition, recorded_at, recorded_by, reason FROM definition_versions WHERE kind = 'rule' ORDER BY id;

CREATE TABLE organisation_versions (
    id           INTEGER PRIMARY KEY NOT NULL,
    organisation TEXT NOT NULL,
    version      INTEGER NOT NULL,
    name         TEXT NOT NULL,
    trusted      BOOLEAN NOT NULL,
    recorded_at  TIMESTAMP NOT NULL,
    recorded_by  TEXT,
    UNIQUE (organisation, version)
);

INSERT INTO organisation_versions (organisation, version, name, trusted, recorded_at, recorded_by)
SELECT code, version, json_extract(definition, '$.name'), json_extract(definition, '$.trusted'), recorded_at, recorded_by
FROM definition_versions WHERE kind = 'organisation' ORDER BY id;

CREATE TABLE obligation_versions (
    id            INTEGER PRIMARY KEY NOT NULL,
    obligation    TEXT NOT NULL,
    version       INTEGER NOT NULL,
    province      TEXT NOT NULL REFERENCES provinces (key),
    indicator     TEXT NOT NULL,
    definition    TEXT,
    source_title  TEXT,
    source_number TEXT,
    source_date   DATE,
    reason        TEXT,
    recorded_at   TIMESTAMP NOT NULL,
    recorded_by   TEXT,
    UNIQUE (obligation, version)
);

CREATE INDEX obligation_versions_of ON obligation_versions (province, indicator);

INSERT INTO obligation_versions
    (obligation, version, province, indicator, definition, source_title, source_number, source_date, reason, recorded_at, recorded_by)
SELECT code, version, province, indicator, definition, source_title, source_number, source_date, reason, recorded_at, recorded_by
FROM definition_versions WHERE kind = 'obligation' ORDER BY id;

DROP TABLE definition_versions;
