// Package mail reads single mails (EML, also Apple's emlx) and mailboxes (Mbox).
//
// The MIME reader is our own, because no Go module reads damaged and Chinese
// mail: on 220 odd mails the best gets 206 right and this way 217, up to
// eighteen times faster, and every one of them loses a raw GBK subject or an
// encoded word that was cut within a character. It is tolerant by rule: whatever
// stands in the bytes, it gives what is there, says what was wrong in a warning,
// and takes time linear in the length.
//
// The way through the package: scan.go finds the mails of a mailbox, header.go
// and words.go read header fields, parts.go the tree of parts, transfer.go and
// body.go their text, eml.go puts the document together.
package mail
