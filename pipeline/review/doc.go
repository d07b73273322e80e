// Package review says what is missing from a firm's archive: which documents a
// project must have and which of them are there, and, each quarter, what
// somebody should look at (contracts about to end, open actions, documents of
// nobody, sensitive data), with a place to confirm each.
//
// In reading order: template.go (which documents must be there), complete.go (a
// project against the template), finding.go (what a review finds), then html.go
// and sheet.go, which write it down. Everything is a pure function of what it is
// given; the pipeline gathers that, the ledger keeps what people confirmed.
package review
