-- Customers and projects. What lists say of one beside its name is JSON: it is
-- shown and compared whole, never asked for by its parts.
CREATE TABLE customers (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    card TEXT NOT NULL -- JSON of ledger.Customer
) STRICT;

CREATE TABLE projects (
    id       INTEGER PRIMARY KEY,
    customer INTEGER NOT NULL,
    key      TEXT NOT NULL UNIQUE,
    card     TEXT NOT NULL -- JSON of ledger.Project
) STRICT;

CREATE INDEX projects_customer ON projects (customer);

-- What a content is assigned by: kept, so that another rule opens no file and
-- another list reads no text twice.
CREATE TABLE features (
    content INTEGER PRIMARY KEY,
    made    TEXT NOT NULL, -- of which reading of the content and by which version
    words   TEXT NOT NULL, -- fingerprint of the list's words that were looked for
    found   TEXT NOT NULL  -- JSON of dossier.Features
) STRICT;

-- Whose a content is, or may be.
CREATE TABLE assignments (
    content    INTEGER NOT NULL,
    customer   INTEGER NOT NULL,
    project    INTEGER NOT NULL, -- 0: the customer's, of no project that is known
    standing   TEXT NOT NULL,    -- sure, doubtful, confirmed
    confidence INTEGER NOT NULL, -- per mille
    evidence   TEXT NOT NULL,    -- JSON list of ledger.Evidence
    PRIMARY KEY (content, customer, project)
) STRICT, WITHOUT ROWID;

CREATE INDEX assignments_whose ON assignments (customer, project, content);
CREATE INDEX assignments_doubtful ON assignments (content) WHERE standing = 'doubtful';

-- What people said of whose something is. Appended and never changed by a rule;
-- of two words about the same the newer one counts.
CREATE TABLE words (
    id       INTEGER PRIMARY KEY,
    content  INTEGER NOT NULL, -- 0: a whole folder
    source   TEXT NOT NULL,
    folder   TEXT NOT NULL,
    customer INTEGER NOT NULL,
    project  INTEGER NOT NULL,
    belongs  INTEGER NOT NULL,
    who      TEXT NOT NULL,
    at       INTEGER NOT NULL -- Unix milliseconds
) STRICT;

CREATE INDEX words_content ON words (content) WHERE content <> 0;

-- People of mails, signatures, meetings and lists, merged by address and name.
CREATE TABLE people (
    key      TEXT PRIMARY KEY,
    customer INTEGER NOT NULL, -- 0: of none
    card     TEXT NOT NULL     -- JSON of ledger.Person
) STRICT;

CREATE INDEX people_customer ON people (customer) WHERE customer <> 0;
