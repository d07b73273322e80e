CREATE TABLE subjects_by_key (
    key     INTEGER NOT NULL,
    sent    INTEGER NOT NULL,
    content INTEGER NOT NULL,
    PRIMARY KEY (key, sent, content)
) STRICT, WITHOUT ROWID;
INSERT INTO subjects_by_key (key, sent, content) SELECT key, sent, content FROM mail_subjects;
DROP TABLE mail_subjects;
ALTER TABLE subjects_by_key RENAME TO mail_subjects;
