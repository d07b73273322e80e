DROP TABLE people;
DROP TABLE words;
DROP TABLE assignments;
DROP TABLE features;
DROP TABLE projects;
DROP TABLE customers;
