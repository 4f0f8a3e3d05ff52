-- What must hold between figures, version by version. A rule is read and compared as one thing, so it is JSON.

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
