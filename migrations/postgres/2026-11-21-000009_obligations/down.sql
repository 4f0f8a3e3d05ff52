-- The older tables do not know who owes what: that is given up.

DROP TABLE obligation_versions;
