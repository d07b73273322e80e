// Package outlook reads what Outlook and Exchange write outside of a mailbox: saved
// items (.msg, [MS-OXMSG]) and winmail.dat (TNEF, [MS-OXTNEF]).
//
// Both hold the same thing, a bag of MAPI properties with recipients and
// attachments, in other wrappings: saved.go and tnef.go unwrap, the rest reads
// the bag. The way through it: bag.go and page.go (values and their charset),
// describe.go (the document), people.go, body.go, entry.go (appointments,
// contacts, tasks), attachment.go, eml.go (an embedded item as a mail of its own).
package outlook
