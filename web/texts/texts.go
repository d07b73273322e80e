// Package texts is every string of the pages, in English and in Chinese side by
// side: a file for each part of the pages, so that a text cannot be added in
// one language only.
package texts

import (
	"slices"
	"sync"
)

// Languages as pages name them (ISO 639-1).
const (
	English = "en"
	Chinese = "zh"
)

// text is one string in both languages. Both take the same arguments, as fmt
// does, in the same order.
type text struct {
	key    string
	en, zh string
}

// parts are the files of this package. They are slices and become maps with the
// first page only, because every confined reader starts the same program and
// would fill them too.
var parts = [][]text{site, search, document, mail, doctype, customers, meeting, review, status, reasons}

var byLanguage = sync.OnceValue(func() map[string]map[string]string {
	en, zh := map[string]string{}, map[string]string{}
	for _, t := range slices.Concat(parts...) {
		en[t.key], zh[t.key] = t.en, t.zh
	}
	return map[string]map[string]string{English: en, Chinese: zh}
})

// Say gives the text of a key in a language; false when there is none.
func Say(language, key string) (string, bool) {
	text, ok := byLanguage()[language][key]
	return text, ok
}

// Spoken says whether pages speak a language.
func Spoken(language string) bool { return language == English || language == Chinese }
