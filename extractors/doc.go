// Package extractors turns an original's bytes into a document: one explicit
// table of formats in order of detection, and the four functions that use it.
//
// Nothing here knows a network, a database or a setting; what a format needs
// from outside comes in Options. A format package exports document.Format
// values and registers nothing by itself, so this package's table is the one
// place that says what Guidang can read, and in which order it is asked.
package extractors
