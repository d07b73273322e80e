// Package calendar reads iCalendar (RFC 5545) files and the invitations of mails
// (iMIP, RFC 6047).
//
// Recurring events are kept as they are written, with their rule, and never
// expanded: what was agreed is the rule, and an endless one has no end.
package calendar
