-- Which fields of work a submission is about, for clients that are narrowed to some.

-- A line each; of what was sent before nobody has told.
ALTER TABLE submissions ADD COLUMN fields TEXT NOT NULL DEFAULT '';
