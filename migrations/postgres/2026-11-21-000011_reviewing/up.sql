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
    created = (SELECT count(*) FROM json_array_elements(outcomes::json) AS of_row WHERE of_row ->> 'outcome' = 'created'),
    updated = (SELECT count(*) FROM json_array_elements(outcomes::json) AS of_row WHERE of_row ->> 'outcome' = 'updated'),
    unchanged = (SELECT count(*) FROM json_array_elements(outcomes::json) AS of_row WHERE of_row ->> 'outcome' = 'unchanged'),
    withdrawn = (SELECT count(*) FROM json_array_elements(outcomes::json) AS of_row WHERE of_row ->> 'outcome' = 'withdrawn'),
    rejected = (SELECT count(*) FROM json_array_elements(outcomes::json) AS of_row WHERE of_row ->> 'outcome' = 'rejected');

UPDATE submissions SET provinces = told.provinces
FROM (
    SELECT submission, string_agg(province, ' ') AS provinces
    FROM (SELECT DISTINCT observations.submission, series.province FROM observations JOIN series ON series.id = observations.series_id) AS pairs
    GROUP BY submission
) AS told
WHERE told.submission = submissions.id;

UPDATE submissions SET first_on = told.first_on, last_on = told.last_on
FROM (SELECT submission, min(start_on) AS first_on, max(end_on) AS last_on FROM observations GROUP BY submission) AS told
WHERE told.submission = submissions.id;
