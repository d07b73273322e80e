-- What people decided about what the program made. Rows are appended and never
-- changed: the newest of a key holds.
CREATE TABLE hand_tags (
    id      INTEGER PRIMARY KEY,
    content INTEGER NOT NULL,
    tag     TEXT NOT NULL,
    given   INTEGER NOT NULL, -- 0: taken away
    who     TEXT NOT NULL,
    at      INTEGER NOT NULL -- Unix milliseconds
) STRICT;

CREATE INDEX hand_tags_content ON hand_tags (content);

CREATE TABLE action_marks (
    id       INTEGER PRIMARY KEY,
    content  INTEGER NOT NULL,
    key      TEXT NOT NULL,
    text     TEXT NOT NULL,
    evidence TEXT NOT NULL, -- JSON
    done     INTEGER NOT NULL,
    who      TEXT NOT NULL,
    at       INTEGER NOT NULL
) STRICT;

CREATE INDEX action_marks_content ON action_marks (content);

CREATE TABLE minutes_edits (
    id      INTEGER PRIMARY KEY,
    content INTEGER NOT NULL,
    minutes TEXT NOT NULL, -- JSON; empty: taken back
    base    TEXT NOT NULL,
    who     TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX minutes_edits_content ON minutes_edits (content);

-- Minutes that somebody wrote, and the meeting that they are of.
CREATE TABLE written_minutes (
    content INTEGER PRIMARY KEY,
    meeting INTEGER NOT NULL
) STRICT;

CREATE INDEX contents_minutes ON contents (id) WHERE minutes <> '';
