-- Subjects by time first: keys are hashes, and rows of a slice of mails fell on
-- every page of the tree. Mails come mostly in the order of their dates, so now
-- they fall on the few pages of their month. A period is 30 days of seconds.
CREATE TABLE subjects_by_time (
    period  INTEGER NOT NULL, -- sent / 2592000
    key     INTEGER NOT NULL,
    sent    INTEGER NOT NULL,
    content INTEGER NOT NULL,
    PRIMARY KEY (period, key, sent, content)
) STRICT, WITHOUT ROWID;
INSERT INTO subjects_by_time (period, key, sent, content) SELECT sent / 2592000, key, sent, content FROM mail_subjects ORDER BY 1, 2, 3, 4;
DROP TABLE mail_subjects;
ALTER TABLE subjects_by_time RENAME TO mail_subjects;
