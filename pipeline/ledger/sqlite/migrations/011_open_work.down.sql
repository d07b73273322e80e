DROP INDEX contents_open_work;
