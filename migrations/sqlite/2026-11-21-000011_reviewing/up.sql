-- What a submission is about and what became of its rows, where it is looked for and listed without them.

-- Keys of provinces with spaces between them.
ALTER TABLE submissions ADD COLUMN provinces TEXT NOT NULL DEFAULT '';
ALTER TABLE submissions ADD COLUMN first_on DATE;
ALTER TABLE submissions ADD COLUMN last_on DATE;
ALTER TABLE submissions ADD COLUMN created INTEGER NOT NULL DEFAULT 0;
ALTER TABLE submissions ADD COLUMN updated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE submissions ADD COLUMN unchanged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE submissions ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE submissions ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0;

UPDATE submissions SET
    created = (SELECT count(*) FROM json_each(outcomes) WHERE json_extract(value, '$.outcome') = 'created'),
    updated = (SELECT count(*) FROM json_each(outcomes) WHERE json_extract(value, '$.outcome') = 'updated'),
    unchanged = (SELECT count(*) FROM json_each(outcomes) WHERE json_extract(value, '$.outcome') = 'unchanged'),
    withdrawn = (SELECT count(*) FROM json_each(outcomes) WHERE json_extract(value, '$.outcome') = 'withdrawn'),
    rejected = (SELECT count(*) FROM json_each(outcomes) WHERE json_extract(value, '$.outcome') = 'rejected'),
    provinces = coalesce((
        SELECT group_concat(province, ' ') FROM (
            SELECT DISTINCT series.province FROM observations JOIN series ON series.id = observations.series_id
            WHERE observations.submission = submissions.id)), ''),
    first_on = (SELECT min(start_on) FROM observations WHERE observations.submission = submissions.id),
    last_on = (SELECT max(end_on) FROM observations WHERE observations.submission = submissions.id);
