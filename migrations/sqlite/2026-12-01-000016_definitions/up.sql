-- The versions of all definitions in one table: of provinces, indicators, rules, organisations and obligations. A definition is read and
-- compared as one thing, so it is JSON; a version without one withdraws what the versions before defined.

CREATE TABLE definition_versions (
    id            INTEGER PRIMARY KEY NOT NULL,
    kind          TEXT NOT NULL,
    code          TEXT NOT NULL,
    version       INTEGER NOT NULL,
    definition    TEXT,
    -- Of an obligation: the same in all versions, and searched for.
    province      TEXT REFERENCES provinces (key),
    indicator     TEXT,
    source_title  TEXT,
    source_number TEXT,
    source_date   DATE,
    reason        TEXT,
    recorded_at   TIMESTAMP NOT NULL,
    recorded_by   TEXT,
    UNIQUE (kind, code, version)
);

CREATE INDEX obligations_of_figures ON definition_versions (province, indicator);

INSERT INTO definition_versions (kind, code, version, definition, source_title, source_number, source_date, reason, recorded_at, recorded_by)
SELECT 'province', province, version, definition, source_title, source_number, source_date, reason, recorded_at, recorded_by
FROM province_versions ORDER BY id;

INSERT INTO definition_versions (kind, code, version, definition, reason, recorded_at, recorded_by)
SELECT 'indicator', code, version, definition, reason, recorded_at, recorded_by FROM indicator_versions ORDER BY id;

INSERT INTO definition_versions (kind, code, version, definition, reason, recorded_at, recorded_by)
SELECT 'rule', code, version, definition, reason, recorded_at, recorded_by FROM rule_versions ORDER BY id;

INSERT INTO definition_versions (kind, code, version, definition, recorded_at, recorded_by)
SELECT 'organisation', organisation, version, json_object('v', 1, 'name', name, 'trusted', json(CASE WHEN trusted THEN 'true' ELSE 'false' END)), recorded_at, recorded_by
FROM organisation_versions ORDER BY id;

INSERT INTO definition_versions
    (kind, code, version, definition, province, indicator, source_title, source_number, source_date, reason, recorded_at, recorded_by)
SELECT
    'obligation', obligation, version, definition, province, indicator, source_title, source_number, source_date, reason, recorded_at, recorded_by
FROM obligation_versions ORDER BY id;

DROP TABLE province_versions;
DROP TABLE indicator_versions;
DROP TABLE rule_versions;
DROP TABLE organisation_versions;
DROP TABLE obligation_versions;
