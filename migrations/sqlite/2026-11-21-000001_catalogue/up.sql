-- Provinces with their validity, and every version of every indicator's definition.

CREATE TABLE provinces (
    key        TEXT PRIMARY KEY NOT NULL,
    code       TEXT NOT NULL,
    name       TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    iso        TEXT,
    unit_type  TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to   DATE
);

CREATE TABLE province_predecessors (
    province    TEXT NOT NULL REFERENCES provinces (key),
    predecessor TEXT NOT NULL REFERENCES provinces (key),
    PRIMARY KEY (province, predecessor)
);

-- definition holds the JSON of the whole definition: it is read and compared as one thing.
CREATE TABLE indicator_versions (
    id          INTEGER PRIMARY KEY NOT NULL,
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    definition  TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT,
    UNIQUE (code, version)
);
