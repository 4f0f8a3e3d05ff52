-- Which indicators a submission is about, for clients that may not see or do not work in all.

-- With spaces between them; of what was sent before nobody has told.
ALTER TABLE submissions ADD COLUMN indicators TEXT NOT NULL DEFAULT '';
