-- What a submission goes through before it is published, who sends, and which requests were answered already.

-- The rows as they were sent, of what is not published yet: JSON, because they are read again as one.
ALTER TABLE submissions ADD COLUMN document TEXT;

CREATE TABLE submission_steps (
    id         INTEGER PRIMARY KEY NOT NULL,
    submission TEXT NOT NULL REFERENCES submissions (id),
    action     TEXT NOT NULL,
    state      TEXT NOT NULL,
    client     TEXT NOT NULL REFERENCES clients (id),
    comment    TEXT,
    at         TIMESTAMP NOT NULL
);

CREATE INDEX submission_steps_of ON submission_steps (submission);

INSERT INTO submission_steps (submission, action, state, client, at)
SELECT id, 'submit', state, client, received_at FROM submissions ORDER BY id;

CREATE TABLE organisation_versions (
    id           INTEGER PRIMARY KEY NOT NULL,
    organisation TEXT NOT NULL,
    version      INTEGER NOT NULL,
    name         TEXT NOT NULL,
    trusted      BOOLEAN NOT NULL,
    recorded_at  TIMESTAMP NOT NULL,
    recorded_by  TEXT,
    UNIQUE (organisation, version)
);

-- Answers to requests that came with an Idempotency-Key, for some days.
CREATE TABLE answered_requests (
    client      TEXT NOT NULL REFERENCES clients (id),
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer      TEXT NOT NULL,
    answered_at TIMESTAMP NOT NULL,
    PRIMARY KEY (client, key)
);

CREATE INDEX answered_requests_by_time ON answered_requests (answered_at);
