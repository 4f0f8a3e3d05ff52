-- The older tables know the provinces as they are, and not how they came to be said so: versions, decisions and the codes of agencies
-- are given up, and units that were withdrawn go.

ALTER TABLE provinces ADD COLUMN code TEXT;
ALTER TABLE provinces ADD COLUMN name TEXT;
ALTER TABLE provinces ADD COLUMN name_en TEXT;
ALTER TABLE provinces ADD COLUMN iso TEXT;
ALTER TABLE provinces ADD COLUMN unit_type TEXT;
ALTER TABLE provinces ADD COLUMN valid_from DATE;
ALTER TABLE provinces ADD COLUMN valid_to DATE;

CREATE TABLE province_predecessors (
    province    TEXT NOT NULL REFERENCES provinces (key),
    predecessor TEXT NOT NULL REFERENCES provinces (key),
    PRIMARY KEY (province, predecessor)
);

CREATE TEMPORARY TABLE latest ON COMMIT DROP AS
SELECT DISTINCT ON (province) province, definition::json AS definition FROM province_versions ORDER BY province, version DESC;

DROP TABLE province_versions;
DELETE FROM provinces WHERE key IN (SELECT province FROM latest WHERE definition IS NULL);

UPDATE provinces SET
    code = definition ->> 'code',
    name = definition ->> 'name',
    name_en = definition ->> 'name_en',
    iso = definition ->> 'iso',
    unit_type = definition ->> 'unit_type',
    valid_from = (definition ->> 'valid_from')::date
FROM latest WHERE province = key;

INSERT INTO province_predecessors (province, predecessor)
SELECT province, json_array_elements_text(definition -> 'predecessors') FROM latest WHERE definition IS NOT NULL;

UPDATE provinces SET valid_to = (
    SELECT min(next.valid_from) - 1
    FROM province_predecessors JOIN provinces AS next ON next.key = province
    WHERE predecessor = provinces.key
);

ALTER TABLE provinces ALTER COLUMN code SET NOT NULL;
ALTER TABLE provinces ALTER COLUMN name SET NOT NULL;
ALTER TABLE provinces ALTER COLUMN name_en SET NOT NULL;
ALTER TABLE provinces ALTER COLUMN unit_type SET NOT NULL;
ALTER TABLE provinces ALTER COLUMN valid_from SET NOT NULL;
