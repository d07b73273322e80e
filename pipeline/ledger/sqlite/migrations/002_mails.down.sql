DROP TABLE loose_subjects;
DROP TABLE mail_subjects;
DROP TABLE threads_joined;
DROP TABLE mail_keys;
DROP TABLE mails;
ALTER TABLE items DROP COLUMN marks;
ALTER TABLE items DROP COLUMN bytes;
