-- A target can be a band, with an upper end; and say by which way it is to be reached: from which baseline, laid out how, by which
-- milestones, and whether every province is to reach it. That is read as one and never searched, so it is JSON.

ALTER TABLE targets ADD COLUMN high_digits BIGINT;
ALTER TABLE targets ADD COLUMN high_decimals INTEGER;
ALTER TABLE targets ADD COLUMN way TEXT;
