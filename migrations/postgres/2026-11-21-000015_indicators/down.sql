-- It can be told from the rows again.

ALTER TABLE submissions DROP COLUMN indicators;
