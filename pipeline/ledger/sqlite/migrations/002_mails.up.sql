-- Own bytes of an occurrence whose content is known by another sum: the copies
-- of one mail differ in line ends and in what their mailbox keeps in them.
ALTER TABLE items ADD COLUMN bytes BLOB NOT NULL DEFAULT x'';

-- What its mailbox knows of a mail: flags and labels, JSON; empty for none.
ALTER TABLE items ADD COLUMN marks TEXT NOT NULL DEFAULT '';

-- Mails and the threads that they belong to.
CREATE TABLE mails (
    content INTEGER PRIMARY KEY,
    thread  INTEGER NOT NULL,
    message INTEGER NOT NULL, -- 64 bits of its Message-ID's hash; 0: none
    sent    INTEGER NOT NULL  -- Unix seconds; 0: unknown
) STRICT;

CREATE INDEX mails_thread ON mails (thread);
CREATE INDEX mails_message ON mails (message) WHERE message <> 0;

-- Whatever names a thread: ids of mails that are there or only referred to.
CREATE TABLE mail_keys (
    key    INTEGER PRIMARY KEY,
    thread INTEGER NOT NULL
) STRICT;

-- Threads that turned out to be part of another one.
CREATE TABLE threads_joined (
    thread INTEGER PRIMARY KEY,
    into_thread INTEGER NOT NULL
) STRICT;

-- A subject with one of its people, for answers that refer to nothing.
CREATE TABLE mail_subjects (
    key     INTEGER NOT NULL,
    sent    INTEGER NOT NULL,
    content INTEGER NOT NULL,
    PRIMARY KEY (key, sent, content)
) STRICT, WITHOUT ROWID;

-- The same of just these answers: few, and asked for with every mail.
CREATE TABLE loose_subjects (
    key     INTEGER NOT NULL,
    sent    INTEGER NOT NULL,
    content INTEGER NOT NULL,
    PRIMARY KEY (key, sent, content)
) STRICT, WITHOUT ROWID;
