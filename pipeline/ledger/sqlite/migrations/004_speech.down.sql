UPDATE contents SET open_work = '' WHERE open_work = 'transcribe';
DROP TABLE spend;
DROP TABLE notes;
