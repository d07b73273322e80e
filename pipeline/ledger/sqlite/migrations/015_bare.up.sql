-- Whose an item is that has no content to be judged by: a locked archive's
-- member, what could not be had, what a rule skips, what is empty. Only what is
-- made: nobody is asked for the others.
CREATE TABLE bare (
    item       INTEGER NOT NULL,
    customer   INTEGER NOT NULL,
    project    INTEGER NOT NULL, -- 0: of no project that is known
    standing   TEXT NOT NULL,    -- sure, confirmed
    confidence INTEGER NOT NULL, -- per mille
    evidence   TEXT NOT NULL,    -- JSON list of ledger.Evidence
    PRIMARY KEY (item, customer, project)
) STRICT, WITHOUT ROWID;

CREATE INDEX bare_whose ON bare (customer, project, item);
