DROP INDEX contents_minutes;
DROP TABLE written_minutes;
DROP TABLE minutes_edits;
DROP TABLE action_marks;
DROP TABLE hand_tags;
