-- The audit log: who did or read what. Lines are only added, each with the hash of the one before; the oldest go after a time.

CREATE TABLE audit (
    seq           INTEGER PRIMARY KEY NOT NULL,
    at            TIMESTAMP NOT NULL,
    client        TEXT,
    organisation  TEXT,
    address       TEXT,
    request_id    TEXT,
    action        TEXT NOT NULL,
    subject       TEXT NOT NULL,
    outcome       TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash          TEXT NOT NULL
);

CREATE INDEX audit_by_time ON audit (at);
CREATE INDEX audit_by_client ON audit (client, seq);
CREATE INDEX audit_by_request ON audit (request_id);

-- One row: what the oldest line is chained to. Before any line went it is the beginning, line 0.
CREATE TABLE audit_anchor (
    id   INTEGER PRIMARY KEY NOT NULL,
    seq  BIGINT NOT NULL,
    hash TEXT NOT NULL,
    at   TIMESTAMP
);

INSERT INTO audit_anchor (id, seq, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
