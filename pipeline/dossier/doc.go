// Package dossier tells whose a document is: it reads the office's list of
// customers and projects, finds in names, folders, addresses and texts what
// points at one of them, weighs that evidence, and says which assignments are
// sure and which a person has to confirm.
//
// It knows no database and opens no file. What it needs of a text is kept as
// Features (features.go), so that another rule or another list assigns again
// without reading anything anew. In reading order: list.go (the office's list),
// words.go (what is looked for), features.go (what is found in a text),
// newwords.go (what another list changes of that), evidence.go (what a document
// says for itself), spread.go (what its thread, parent, folder and people say),
// period.go (what the weeks around it say), assign.go (rounds and decisions),
// people.go and signature.go (who is who), propose.go (customers of an archive
// without a list).
//
// Nothing here depends on the order in which documents came or rows were made.
package dossier

// Version is raised when the same list and the same documents would be assigned
// otherwise.
const Version = "dossier-3"
