-- The older table has no bands: where there ever was one, NOT NULL stops this step, because revisions are kept for good. By which
-- way targets are to be reached, and for whom, is given up.

UPDATE targets SET recorded_at = NULL WHERE kind = 'band';

ALTER TABLE targets DROP COLUMN way;
ALTER TABLE targets DROP COLUMN high_decimals;
ALTER TABLE targets DROP COLUMN high_digits;
