-- Who owes which figures by when, version by version. What is owed is read and compared as one thing, so it is JSON; without it the
-- version says that nothing is owed after all. Of which province and indicator stays the same in all versions, and is searched for.

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
