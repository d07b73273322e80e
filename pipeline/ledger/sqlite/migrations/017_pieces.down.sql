DROP TABLE wholes;
DROP TABLE pieces;
