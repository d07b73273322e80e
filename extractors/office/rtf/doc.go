// Package rtf takes Rich Text Format apart: the text of files (Read), the HTML
// that Outlook packs into it (HTML), and the compressed form that mails keep it
// in (Decompress).
//
// The format is read as it is written in China too: characters as \'hh pairs of
// code page 936 or 950, as raw bytes, as \u with a replacement, and under a
// font or a code page that is not theirs.
package rtf
