-- What was found out and costs to find out again: what a service takes.
CREATE TABLE notes (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- What transcription has cost, a night a row.
CREATE TABLE spend (
    night   TEXT PRIMARY KEY, -- YYYY-MM-DD of its evening
    minutes REAL NOT NULL,    -- of sound that was sent
    money   REAL NOT NULL
) STRICT;

-- Recordings that wait can be found already by their names.
UPDATE contents SET open_work = 'transcribe' WHERE kind = 'recording' AND then_state = 'waiting' AND then_reason = 'transcriber';
