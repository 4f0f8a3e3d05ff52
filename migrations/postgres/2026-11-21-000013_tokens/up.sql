-- The algorithm of each signing key; tokens that were revoked before they expired; assertions that a client has signed in with.

ALTER TABLE signing_keys ADD COLUMN alg TEXT NOT NULL DEFAULT 'EdDSA';

CREATE TABLE revoked_tokens (
    jti        TEXT PRIMARY KEY NOT NULL,
    expires_at TIMESTAMP NOT NULL
);

CREATE TABLE client_assertions (
    client     TEXT NOT NULL REFERENCES clients (id),
    jti        TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    PRIMARY KEY (client, jti)
);
