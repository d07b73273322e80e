-- Work that is still open on contents is asked for by its name: OCR.
CREATE INDEX contents_open_work ON contents (open_work) WHERE open_work <> '';
