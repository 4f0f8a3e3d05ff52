CREATE TABLE __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE provinces (
    key        TEXT PRIMARY KEY NOT NULL);
CREATE TABLE indicator_versions (
    id          INTEGER PRIMARY KEY NOT NULL,
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    definition  TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT, reason TEXT,
    UNIQUE (code, version)
);
CREATE TABLE clients (
    id           TEXT PRIMARY KEY NOT NULL,
    name         TEXT NOT NULL UNIQUE,
    organisation TEXT,
    scopes       TEXT NOT NULL,
    provinces    TEXT NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    disabled_at  TIMESTAMP
, fields TEXT NOT NULL DEFAULT '', jwks TEXT, expires_at TIMESTAMP, last_used_at TIMESTAMP);
CREATE TABLE signing_keys (
    kid         TEXT PRIMARY KEY NOT NULL,
    private_key TEXT NOT NULL,
    created_at  TIMESTAMP NOT NULL
, alg TEXT NOT NULL DEFAULT 'EdDSA');
CREATE TABLE submissions (
    id            TEXT PRIMARY KEY NOT NULL,
    client        TEXT NOT NULL REFERENCES clients (id),
    organisation  TEXT,
    state         TEXT NOT NULL,
    source_title  TEXT,
    source_number TEXT,
    source_date   DATE,
    outcomes      TEXT NOT NULL,
    received_at   TIMESTAMP NOT NULL
, document TEXT, provinces TEXT NOT NULL DEFAULT '', first_on DATE, last_on DATE, created INTEGER NOT NULL DEFAULT 0, updated INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0, withdrawn INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0, indicators TEXT NOT NULL DEFAULT '');
CREATE TABLE series (
    id        INTEGER PRIMARY KEY NOT NULL,
    province  TEXT NOT NULL REFERENCES provinces (key),
    indicator TEXT NOT NULL,
    breakdown TEXT NOT NULL,
    UNIQUE (province, indicator, breakdown)
);
CREATE TABLE writes (
    id INTEGER PRIMARY KEY NOT NULL,
    at TIMESTAMP NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS "observations" (
    id                   TEXT NOT NULL,
    revision             INTEGER NOT NULL,
    series_id            BIGINT NOT NULL REFERENCES series (id),
    calendar             TEXT NOT NULL,
    start_on             DATE NOT NULL,
    end_on               DATE NOT NULL,
    content              TEXT NOT NULL,
    digits               BIGINT,
    decimals             INTEGER,
    high_digits          BIGINT,
    high_decimals        INTEGER,
    printed_to           INTEGER,
    numerator_digits     BIGINT,
    numerator_decimals   INTEGER,
    denominator_digits   BIGINT,
    denominator_decimals INTEGER,
    status               TEXT,
    bound                TEXT,
    as_of                DATE,
    definition_version   INTEGER NOT NULL,
    locator              TEXT,
    wording              TEXT,
    reason               TEXT,
    submission           TEXT NOT NULL REFERENCES submissions (id),
    recorded_at          TIMESTAMP NOT NULL,
    superseded_at        TIMESTAMP,
    PRIMARY KEY (id, revision)
);
CREATE UNIQUE INDEX observations_current ON observations (series_id, calendar, end_on, start_on) WHERE superseded_at IS NULL;
CREATE TABLE confirmations (
    observation TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    submission  TEXT NOT NULL REFERENCES submissions (id),
    locator     TEXT,
    wording     TEXT,
    recorded_at TIMESTAMP NOT NULL,
    PRIMARY KEY (observation, revision, submission)
);
CREATE TABLE IF NOT EXISTS "claims" (
    observation   TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    kind          TEXT NOT NULL,
    digits        BIGINT,
    decimals      INTEGER,
    reason        TEXT,
    submission    TEXT NOT NULL REFERENCES submissions (id),
    recorded_at   TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP,
    PRIMARY KEY (observation, kind, revision)
);
CREATE UNIQUE INDEX claims_current ON claims (observation, kind) WHERE superseded_at IS NULL;
CREATE TABLE IF NOT EXISTS "targets" (
    id            TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    series_id     BIGINT NOT NULL REFERENCES series (id),
    calendar      TEXT NOT NULL,
    start_on      DATE NOT NULL,
    end_on        DATE NOT NULL,
    kind          TEXT,
    digits        BIGINT,
    decimals      INTEGER,
    source_title  TEXT,
    source_number TEXT,
    source_date   DATE,
    reason        TEXT,
    client        TEXT NOT NULL REFERENCES clients (id),
    recorded_at   TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP, high_digits BIGINT, high_decimals INTEGER, way TEXT,
    PRIMARY KEY (id, revision)
);
CREATE UNIQUE INDEX targets_current ON targets (series_id, calendar, end_on, start_on) WHERE superseded_at IS NULL;
CREATE TABLE province_versions (
    id            INTEGER PRIMARY KEY NOT NULL,
    province      TEXT NOT NULL REFERENCES provinces (key),
    version       INTEGER NOT NULL,
    definition    TEXT,
    source_title  TEXT,
    source_number TEXT,
    source_date   DATE,
    reason        TEXT,
    recorded_at   TIMESTAMP NOT NULL,
    recorded_by   TEXT,
    UNIQUE (province, version)
);
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
CREATE TABLE answered_requests (
    client      TEXT NOT NULL REFERENCES clients (id),
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer      TEXT NOT NULL,
    answered_at TIMESTAMP NOT NULL,
    PRIMARY KEY (client, key)
);
CREATE INDEX answered_requests_by_time ON answered_requests (answered_at);
CREATE TABLE obligation_versions (
    id            INTEGER PRIMARY KEY NOT NULL,
    obligation    TEXT NOT NULL,
    version       INTEGER NOT NULL,
    province      TEXT NOT NULL REFERENCES provinces (key),
    indicator     TEXT NOT NULL,
    definition    TEXT,
    source_title  TEXT,
    source_number TEXT,
    source_date   DATE,
    reason        TEXT,
    recorded_at   TIMESTAMP NOT NULL,
    recorded_by   TEXT,
    UNIQUE (obligation, version)
);
CREATE INDEX obligation_versions_of ON obligation_versions (province, indicator);
CREATE TABLE rule_versions (
    id          INTEGER PRIMARY KEY NOT NULL,
    code        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    definition  TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    recorded_by TEXT,
    reason      TEXT,
    UNIQUE (code, version)
);
CREATE TABLE client_secrets (
    client      TEXT NOT NULL REFERENCES clients (id),
    secret_hash TEXT NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    expires_at  TIMESTAMP,
    PRIMARY KEY (client, secret_hash)
);
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
CREATE TABLE audit_anchor (
    id   INTEGER PRIMARY KEY NOT NULL,
    seq  BIGINT NOT NULL,
    hash TEXT NOT NULL,
    at   TIMESTAMP
);
