-- The older tables do not know what must hold between figures: that is given up.

DROP TABLE rule_versions;
