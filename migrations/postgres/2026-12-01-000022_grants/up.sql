-- The scopes that an administrator may give to others. Those who are not narrowed could give every scope until now; the others may
-- give what they hold.
ALTER TABLE clients ADD COLUMN may_grant TEXT NOT NULL DEFAULT '';
UPDATE clients SET may_grant = scopes WHERE ' ' || scopes || ' ' LIKE '% admin %';
UPDATE clients SET may_grant = 'read submit approve targets catalogue admin'
WHERE may_grant <> '' AND organisation IS NULL AND provinces = '' AND fields = '';
