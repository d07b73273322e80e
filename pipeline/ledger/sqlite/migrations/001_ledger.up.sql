-- The ledger's own values: its id, the engine generation that was acknowledged.
CREATE TABLE ledger (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE sources (
    name    TEXT PRIMARY KEY,
    root    TEXT NOT NULL,
    entries INTEGER NOT NULL DEFAULT 0,
    walked  INTEGER NOT NULL DEFAULT 0 -- Unix milliseconds
) STRICT;

CREATE TABLE runs (
    id      INTEGER PRIMARY KEY,
    kind    TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended   INTEGER NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL DEFAULT '',
    sources TEXT NOT NULL, -- JSON list
    account TEXT NOT NULL DEFAULT ''
) STRICT;

-- Bytes, and what was read out of them.
CREATE TABLE contents (
    id          INTEGER PRIMARY KEY,
    sum         BLOB NOT NULL UNIQUE,
    size        INTEGER NOT NULL,
    kept        TEXT NOT NULL,
    canonical   INTEGER NOT NULL,
    format      TEXT NOT NULL,
    version     INTEGER NOT NULL,
    media_type  TEXT NOT NULL,
    kind        TEXT NOT NULL,
    read        TEXT NOT NULL,
    reason      TEXT NOT NULL,
    title       TEXT NOT NULL,
    date        TEXT NOT NULL,
    language    TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    tags        TEXT NOT NULL,
    terms       TEXT NOT NULL,
    people      TEXT NOT NULL,
    transcript  TEXT NOT NULL,
    minutes     TEXT NOT NULL,
    passages    INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    indexed     INTEGER NOT NULL,
    stale       INTEGER NOT NULL,
    acked_seq   INTEGER NOT NULL DEFAULT 0,
    then_state  TEXT NOT NULL,
    then_reason TEXT NOT NULL,
    open_work   TEXT NOT NULL
) STRICT;

-- Meetings are few among very many contents, and every run looks at them.
CREATE INDEX contents_meetings ON contents (id) WHERE kind IN ('recording', 'transcript');

-- What a newer version of a reader would read again.
CREATE INDEX contents_format ON contents (format, version);

-- One occurrence each.
CREATE TABLE items (
    id       INTEGER PRIMARY KEY,
    source   TEXT NOT NULL,
    locator  TEXT NOT NULL,
    version  INTEGER NOT NULL,
    parent   INTEGER NOT NULL,
    within   INTEGER NOT NULL,
    ordinal  INTEGER NOT NULL,
    name     TEXT NOT NULL,
    size     INTEGER NOT NULL,
    modified INTEGER NOT NULL, -- Unix nanoseconds: a file system's own precision decides "unchanged"
    inode    INTEGER NOT NULL,
    content  INTEGER NOT NULL,
    state    TEXT NOT NULL,
    reason   TEXT NOT NULL,
    detail   TEXT NOT NULL,
    todo     INTEGER NOT NULL,
    gone     INTEGER NOT NULL,
    shown    INTEGER NOT NULL,
    run      INTEGER NOT NULL,
    UNIQUE (source, locator, version)
) STRICT;

-- What a source holds itself, in the order of a walk, covering what a walk
-- compares: a second pass over unchanged files reads nothing else.
CREATE INDEX items_top ON items (source, locator, version, id, size, modified, inode, state, gone, todo, reason, content) WHERE parent = 0;
CREATE INDEX items_parent ON items (parent) WHERE parent <> 0;
CREATE INDEX items_within ON items (within, ordinal) WHERE within <> 0;
CREATE INDEX items_content ON items (content) WHERE content <> 0;
CREATE INDEX items_state ON items (state, id);
CREATE INDEX items_todo ON items (id) WHERE todo = 1;
CREATE INDEX items_gone ON items (id) WHERE gone = 1;

-- Every change of state, appended and never changed.
CREATE TABLE events (
    id     INTEGER PRIMARY KEY,
    item   INTEGER NOT NULL,
    run    INTEGER NOT NULL,
    at     INTEGER NOT NULL, -- Unix milliseconds
    state  TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

CREATE INDEX events_item ON events (item);

CREATE TABLE slices (
    id       INTEGER PRIMARY KEY,
    item     INTEGER NOT NULL,
    from_pos INTEGER NOT NULL,
    to_pos   INTEGER NOT NULL
) STRICT;

CREATE INDEX slices_item ON slices (item);

-- What the index does not have yet. A content stands here at most once.
CREATE TABLE outbox (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    content INTEGER NOT NULL UNIQUE
) STRICT;

-- Contents that got or lost an item since they were last settled.
CREATE TABLE unsettled (
    content INTEGER PRIMARY KEY
) STRICT;
