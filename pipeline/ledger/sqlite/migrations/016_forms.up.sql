-- Contents that are another form of the same document: the OFD and the XML of an
-- electronic invoice beside its PDF. They are shown with it and are part of it.
CREATE TABLE forms (
    content INTEGER PRIMARY KEY REFERENCES contents(id),
    main    INTEGER NOT NULL REFERENCES contents(id)
) STRICT;
CREATE INDEX forms_main ON forms (main);
