-- One row for each transaction that changed what is served: no two at the same instant, so that every instant has one answer.

CREATE TABLE writes (
    id INTEGER PRIMARY KEY NOT NULL,
    at TIMESTAMP NOT NULL UNIQUE
);
