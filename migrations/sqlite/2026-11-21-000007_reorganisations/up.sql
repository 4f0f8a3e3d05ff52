-- What decisions say of a province, version by version, so that every past instant has the provinces of its time. The definition is
-- read and compared as one thing, so it is JSON; without one the version says that there is no such unit after all. When a unit ended
-- stands nowhere: it ended when others were formed from it.

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

INSERT INTO province_versions (province, version, definition, recorded_at)
SELECT
    key,
    1,
    json_object(
        'key', key, 'code', code, 'name', name, 'name_en', name_en, 'iso', iso, 'agency_code', NULL, 'unit_type', unit_type,
        'valid_from', valid_from, 'predecessors', json((
            SELECT json_group_array(predecessor)
            FROM (SELECT predecessor FROM province_predecessors WHERE province = key ORDER BY predecessor)
        ))
    ),
    (SELECT min(recorded_at) FROM indicator_versions)
FROM provinces
ORDER BY key;

DROP TABLE province_predecessors;
ALTER TABLE provinces DROP COLUMN code;
ALTER TABLE provinces DROP COLUMN name;
ALTER TABLE provinces DROP COLUMN name_en;
ALTER TABLE provinces DROP COLUMN iso;
ALTER TABLE provinces DROP COLUMN unit_type;
ALTER TABLE provinces DROP COLUMN valid_from;
ALTER TABLE provinces DROP COLUMN valid_to;
