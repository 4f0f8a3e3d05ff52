ALTER TABLE clients DROP COLUMN may_grant;
