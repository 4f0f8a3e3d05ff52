-- Declarations, withdrawals and ranges do not fit the older tables: while there are any, NOT NULL stops this step. What the older
-- tables have no column for is given up: reasons, wordings, days, further documents, and how finely a number was printed.

UPDATE observations SET digits = NULL WHERE high_digits IS NOT NULL;

ALTER TABLE observations
    ALTER COLUMN digits SET NOT NULL,
    ALTER COLUMN decimals SET NOT NULL,
    ALTER COLUMN status SET NOT NULL,
    ALTER COLUMN bound SET NOT NULL,
    DROP COLUMN content,
    DROP COLUMN high_digits,
    DROP COLUMN high_decimals,
    DROP COLUMN printed_to,
    DROP COLUMN as_of,
    DROP COLUMN wording,
    DROP COLUMN reason;

DROP TABLE confirmations;

ALTER TABLE claims
    ALTER COLUMN digits SET NOT NULL,
    ALTER COLUMN decimals SET NOT NULL,
    DROP COLUMN reason;

ALTER TABLE targets
    ALTER COLUMN kind SET NOT NULL,
    ALTER COLUMN digits SET NOT NULL,
    ALTER COLUMN decimals SET NOT NULL,
    DROP COLUMN reason;

ALTER TABLE indicator_versions DROP COLUMN reason;
