-- What a document is for, what it tells, and what of it must not get about. There
-- is a row only for contents of which there is something to say.
CREATE TABLE papers (
    content  INTEGER PRIMARY KEY,
    type     TEXT NOT NULL,
    kinds    TEXT NOT NULL, -- of what must not get about, by blanks
    locator  TEXT NOT NULL, -- of the item by whose name it was judged
    verdict  TEXT NOT NULL, -- JSON
    findings TEXT NOT NULL, -- JSON list: places, never what stands there
    sketch   BLOB NOT NULL, -- of its text, to find versions by
    moved    INTEGER NOT NULL DEFAULT 0, -- another item stands for it now
    chained  INTEGER NOT NULL DEFAULT 0  -- the chains know of it
) STRICT;

CREATE INDEX papers_moved ON papers (content) WHERE moved = 1;
CREATE INDEX papers_unchained ON papers (content) WHERE chained = 0;

-- Documents that are versions of each other, made anew from the papers whenever
-- one of them changes.
CREATE TABLE versions (
    content  INTEGER PRIMARY KEY,
    chain    INTEGER NOT NULL, -- the content of its smallest sum
    ordinal  INTEGER NOT NULL, -- from 1, oldest first
    previous INTEGER NOT NULL, -- content; 0: the first
    branch   INTEGER NOT NULL,
    label    TEXT NOT NULL
) STRICT;

CREATE INDEX versions_chain ON versions (chain, ordinal);
