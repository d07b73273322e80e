UPDATE slices SET from_pos = from_pos << 5, to_pos = to_pos << 5
    WHERE item IN (SELECT i.id FROM items i JOIN contents c ON c.id = i.content WHERE c.format = 'pst');
DROP TABLE stamps;
