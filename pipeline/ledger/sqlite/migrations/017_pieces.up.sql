-- Mails that are pieces of longer ones, and the items of the mails that were joined
-- of them. Few mails are: a table of their own costs the others nothing.
CREATE TABLE pieces (
    content INTEGER PRIMARY KEY REFERENCES contents(id),
    mail    TEXT NOT NULL, -- what the pieces of one mail have in common
    number  INTEGER NOT NULL,
    total   INTEGER NOT NULL -- 0: not said
) STRICT;
CREATE TABLE wholes (
    item   INTEGER PRIMARY KEY REFERENCES items(id),
    pieces TEXT NOT NULL -- JSON list of contents, in order
) STRICT;
