-- The older tables know the provinces as they are, and not how they came to be said so: versions, decisions and the codes of agencies
-- are given up, and units that were withdrawn go.

ALTER TABLE provinces ADD COLUMN code TEXT NOT NULL DEFAULT '';
ALTER TABLE provinces ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE provinces ADD COLUMN name_en TEXT NOT NULL DEFAULT '';
ALTER TABLE provinces ADD COLUMN iso TEXT;
ALTER TABLE provinces ADD COLUMN unit_type TEXT NOT NULL DEFAULT '';
ALTER TABLE provinces ADD COLUMN valid_from DATE NOT NULL DEFAULT '';
ALTER TABLE provinces ADD COLUMN valid_to DATE;

CREATE TABLE province_predecessors (
    province    TEXT NOT NULL REFERENCES provinces (key),
    predecessor TEXT NOT NULL REFERENCES provinces (key),
    PRIMARY KEY (province, predecessor)
);

CREATE TEMPORARY TABLE latest AS
SELECT province, definition FROM province_versions AS of
WHERE version = (SELECT max(version) FROM province_versions WHERE province = of.province);

DROP TABLE province_versions;
DELETE FROM provinces WHERE key IN (SELECT province FROM latest WHERE definition IS NULL);

UPDATE provinces SET
    code = definition ->> 'code',
    name = definition ->> 'name',
    name_en = definition ->> 'name_en',
    iso = definition ->> 'iso',
    unit_type = definition ->> 'unit_type',
    valid_from = definition ->> 'valid_from'
FROM latest WHERE province = key;

INSERT INTO province_predecessors (province, predecessor)
SELECT province, value FROM latest, json_each(definition, '$.predecessors');

UPDATE provinces SET valid_to = (
    SELECT date(min(next.valid_from), '-1 day')
    FROM province_predecessors JOIN provinces AS next ON next.key = province
    WHERE predecessor = provinces.key
);

DROP TABLE latest;
