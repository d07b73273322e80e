-- Searches that somebody keeps, each with a feed of what is new in it.
CREATE TABLE searches (
    id      INTEGER PRIMARY KEY,
    owner   TEXT NOT NULL,
    name    TEXT NOT NULL,
    address TEXT NOT NULL, -- the parameters of its page
    request TEXT NOT NULL, -- the same as the index takes it, JSON
    scopes  TEXT NOT NULL, -- what its owner may see, JSON; null: everything
    token   TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL -- Unix milliseconds
) STRICT;

-- What a search has found so far, and since when: 0 for what was there when it
-- was kept.
CREATE TABLE search_hits (
    search   INTEGER NOT NULL,
    document TEXT NOT NULL,
    since    INTEGER NOT NULL, -- Unix milliseconds
    PRIMARY KEY (search, document)
) STRICT, WITHOUT ROWID;

CREATE INDEX search_hits_since ON search_hits (search, since) WHERE since > 0;
