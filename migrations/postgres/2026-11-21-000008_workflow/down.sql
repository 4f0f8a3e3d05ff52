-- The older tables know only what is published: what waits for review is given up, and where there is any, NOT NULL stops this step.

UPDATE submissions SET outcomes = NULL WHERE state <> 'approved';

DROP TABLE answered_requests;
DROP TABLE organisation_versions;
DROP TABLE submission_steps;
ALTER TABLE submissions DROP COLUMN document;
