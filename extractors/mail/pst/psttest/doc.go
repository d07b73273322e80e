// Package psttest writes small mailboxes for tests, of the three layouts. readpst and
// pffexport read what it writes; Outlook was not tried.
//
// It is a writer of its own, from the specification ([MS-PST]), so that the reader is
// tested against something else than itself. block.go has the blocks and both trees,
// heap.go the heap and the tree on it, context.go properties and tables, mailbox.go
// folders and items, say.go short words for properties.
package psttest
