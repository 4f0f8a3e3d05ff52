DROP TABLE targets;
DROP TABLE claims;
DROP TABLE observations;
DROP TABLE series;
DROP TABLE submissions;
