DROP TABLE versions;
DROP TABLE papers;
