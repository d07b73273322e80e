-- Whom was told of which finding of a review, so that nobody is told twice in a
-- quarter. Appended and never changed.
CREATE TABLE tellings (
    id      INTEGER PRIMARY KEY,
    finding TEXT NOT NULL,
    quarter TEXT NOT NULL,
    who     TEXT NOT NULL, -- as the list names him
    way     TEXT NOT NULL, -- mail, group
    at      INTEGER NOT NULL -- Unix milliseconds
) STRICT;
