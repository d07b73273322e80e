-- Files that the rows of a content name, in lower case: attachments of approvals.
-- Which item each is, if any, is told when somebody looks: files come and go.
CREATE TABLE named (
    name    TEXT NOT NULL,
    content INTEGER NOT NULL REFERENCES contents(id),
    PRIMARY KEY (name, content)
) STRICT, WITHOUT ROWID;
CREATE INDEX named_content ON named (content);
