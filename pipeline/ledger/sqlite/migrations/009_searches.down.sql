DROP TABLE search_hits;
DROP TABLE searches;
