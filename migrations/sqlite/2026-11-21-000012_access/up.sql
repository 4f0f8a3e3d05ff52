-- What a client is narrowed to, how it signs in, and until when.

-- Fields of work, a line each; all when empty.
ALTER TABLE clients ADD COLUMN fields TEXT NOT NULL DEFAULT '';
-- The public keys that it signs assertions with (RFC 7517).
ALTER TABLE clients ADD COLUMN jwks TEXT;
ALTER TABLE clients ADD COLUMN expires_at TIMESTAMP;
ALTER TABLE clients ADD COLUMN last_used_at TIMESTAMP;

-- Two at a time while one takes the place of the other.
CREATE TABLE client_secrets (
    client      TEXT NOT NULL REFERENCES clients (id),
    secret_hash TEXT NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP,
    PRIMARY KEY (client, secret_hash)
);

INSERT INTO client_secrets (client, secret_hash, created_at)
SELECT id, secret_hash, created_at FROM clients;

ALTER TABLE clients DROP COLUMN secret_hash;
