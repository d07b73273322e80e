-- What people said of the findings of quarterly reviews. Appended and never
-- changed: this is the audit trail.
CREATE TABLE confirmations (
    id       INTEGER PRIMARY KEY,
    finding  TEXT NOT NULL, -- its id, the same in every quarter
    quarter  TEXT NOT NULL,
    decision TEXT NOT NULL, -- seen, done, not-applicable
    who      TEXT NOT NULL,
    note     TEXT NOT NULL,
    about    TEXT NOT NULL, -- the finding as it was then, JSON
    at       INTEGER NOT NULL -- Unix milliseconds
) STRICT;
