// Package pst reads Outlook's mailboxes: .pst, .ost and the address book .pab, of
// all three layouts ([MS-PST] of Outlook 97, of Outlook 2003, and the one with
// 4 KB pages and packed blocks that Outlook 2013 writes and nobody documents).
//
// The layers are those of the specification, a file each, from below: header.go,
// page.go, btree.go (nodes and blocks), cipher.go, block.go, data.go (blocks of
// blocks), subnode.go; heap.go, bth.go, props.go, table.go, names.go; folder.go,
// message.go, account.go. pst.go walks the node tree, salvage.go finds what is
// left of a broken one. What an item's properties mean is read by package outlook.
//
// Nothing is held but a few pages, the block at hand and one item, so the memory
// does not grow with the file.
package pst
