-- Nothing asks for mails by their Message-ID alone: mail_keys answers that. The
-- index cost a random page with every mail.
DROP INDEX mails_message;
