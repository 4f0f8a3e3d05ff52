-- Who has no secret, because it signs in with a key, cannot sign in before.

ALTER TABLE clients ADD COLUMN secret_hash TEXT NOT NULL DEFAULT '';

UPDATE clients SET secret_hash = told.secret_hash
FROM (
    SELECT client, secret_hash FROM client_secrets AS last
    WHERE created_at = (SELECT max(created_at) FROM client_secrets WHERE client = last.client)
) AS told
WHERE told.client = clients.id;

DROP TABLE client_secrets;

ALTER TABLE clients DROP COLUMN fields;
ALTER TABLE clients DROP COLUMN jwks;
ALTER TABLE clients DROP COLUMN expires_at;
ALTER TABLE clients DROP COLUMN last_used_at;
