DROP TABLE indicator_versions;
DROP TABLE province_predecessors;
DROP TABLE provinces;
