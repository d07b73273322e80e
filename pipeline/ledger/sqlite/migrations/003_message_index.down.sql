CREATE INDEX mails_message ON mails (message) WHERE message <> 0;
