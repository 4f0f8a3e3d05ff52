-- Tokens that were revoked work again until they expire, and keys of another algorithm than Ed25519 go: nobody could read them.

DROP TABLE client_assertions;
DROP TABLE revoked_tokens;
DELETE FROM signing_keys WHERE alg <> 'EdDSA';
ALTER TABLE signing_keys DROP COLUMN alg;
