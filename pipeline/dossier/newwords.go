package dossier

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"guidang/pipeline/index"
)

// weakMark ends an entry of LookedFor whose word may be the beginning of another
// firm's name (see another): it is looked for in another way.
const weakMark = "\t"

// LookedFor are the words that are looked for in texts, sorted: what has to be
// known of a list to tell later which of its words are new.
func (w *Words) LookedFor() []string {
	out := make([]string, 0, len(w.targets))
	for word := range w.targets {
		if w.weak(word) {
			word += weakMark
		}
		out = append(out, word)
	}
	slices.Sort(out)
	return out
}

// FingerprintOf is the Fingerprint of the list whose LookedFor it is given.
func FingerprintOf(entries []string) string {
	h := sha256.New()
	h.Write([]byte(featuresVersion))
	for _, e := range entries {
		h.Write([]byte(e))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// Change is how the words of a list differ from those of an earlier one. With it
// features are brought from one to the other, and are then the same as if the
// text had been looked through for all words again, which of 100,000 mails takes
// four times as long as looking for a new one.
type Change struct {
	gone  map[string]bool
	words *Words // to look for in texts: new ones, and gone ones that may have hidden others
}

// Since compares with an earlier list, by its LookedFor.
func (w *Words) Since(entries []string) *Change {
	c := &Change{gone: map[string]bool{}, words: &Words{begins: map[[2]rune][]string{}}}
	now := w.LookedFor()
	var look []string
	for _, e := range now {
		if _, had := slices.BinarySearch(entries, e); !had {
			look = append(look, strings.TrimSuffix(e, weakMark))
		}
	}
	for _, e := range entries {
		if _, has := slices.BinarySearch(now, e); has {
			continue
		}
		word := strings.TrimSuffix(e, weakMark)
		c.gone[word] = true
		if w.mayStandIn(word) {
			look = append(look, word)
		}
	}
	slices.Sort(look)
	c.words.begin(slices.Compact(look))
	return c
}

// mayStandIn says that a word of the list may begin within a word that was found
// before it: where 华信制造 is looked for no longer, 华信 is found.
func (w *Words) mayStandIn(word string) bool {
	before := rune(0)
	for i, r := range word {
		rest := word[i:]
		for v := range w.targets {
			first, _ := utf8.DecodeRuneInString(v)
			if first == r && (!latin(first) || !latin(before)) && (strings.HasPrefix(rest, v) || i > 0 && strings.HasPrefix(v, rest)) {
				return true
			}
		}
		before = r
	}
	return false
}

// Texts says that texts have to be searched at all.
func (c *Change) Texts() bool { return len(c.words.begins) > 0 }

// Drop takes out of features what is looked for no longer. False: only a look
// through the whole text tells what they are now, since they were full.
func (c *Change) Drop(f *Features) (dropped, ok bool) {
	if len(f.Mentions) >= maxMentions {
		return false, false
	}
	n := len(f.Mentions)
	f.Mentions = slices.DeleteFunc(f.Mentions, func(m Mention) bool { return c.gone[m.Word] })
	return len(f.Mentions) < n, true
}

// Touches says that a text has one of the words to look for. Only such a text
// may have other features than Drop leaves.
func (c *Change) Touches(parts []Part) bool {
	found := false
	for line := range lines(parts) {
		c.words.find(index.Normalise(line.text), func(string, int, int) { found = true })
		if found {
			return true
		}
	}
	return false
}
