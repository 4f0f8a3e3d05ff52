-- All of it can be told from the rows again.

ALTER TABLE submissions DROP COLUMN provinces;
ALTER TABLE submissions DROP COLUMN first_on;
ALTER TABLE submissions DROP COLUMN last_on;
ALTER TABLE submissions DROP COLUMN created;
ALTER TABLE submissions DROP COLUMN updated;
ALTER TABLE submissions DROP COLUMN unchanged;
ALTER TABLE submissions DROP COLUMN withdrawn;
ALTER TABLE submissions DROP COLUMN rejected;
