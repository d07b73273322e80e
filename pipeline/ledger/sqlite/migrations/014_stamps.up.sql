-- What a container says of an item without its bytes being made: equal stamps at
-- one place are equal bytes. The newest item of a place has it.
CREATE TABLE stamps (
    container INTEGER NOT NULL, -- item
    ordinal   INTEGER NOT NULL,
    item      INTEGER NOT NULL,
    stamp     BLOB NOT NULL,
    PRIMARY KEY (container, ordinal)
) STRICT, WITHOUT ROWID;

-- Mailboxes of Outlook were cut by the numbers of nodes and are by ordinals, which
-- are 5 bits shorter.
UPDATE slices SET from_pos = from_pos >> 5, to_pos = to_pos >> 5
    WHERE item IN (SELECT i.id FROM items i JOIN contents c ON c.id = i.content WHERE c.format = 'pst');
