-- What people say of meetings, over what was read or recognised. Rows are only
-- ever added.
CREATE TABLE corrections (
    id      INTEGER PRIMARY KEY,
    content INTEGER NOT NULL, -- of the recording or transcript
    kind    TEXT NOT NULL,    -- text, voice, speaker, join, part
    start   INTEGER NOT NULL, -- milliseconds, of the utterance
    was     TEXT NOT NULL,    -- its text, the speaker's label, or the other document's id
    now     TEXT NOT NULL,
    who     TEXT NOT NULL,
    at      INTEGER NOT NULL  -- Unix milliseconds
) STRICT;
CREATE INDEX corrections_content ON corrections (content, id);
