package index

import (
	"strings"
	"unicode/utf8"
)

const (
	maxQuery = 1000 // characters of a query that are read
	maxTerms = 24   // of a query; later words are not looked for
)

// Question is what a person asked, taken apart.
type Question struct {
	Terms []Term // every one has to occur
	Not   []Term // none may occur
	// Nothing says that something was written that cannot be looked for (a lone
	// smiley): it finds nothing, where an empty question finds everything.
	Nothing bool
}

// Parse reads the query language: words that all have to occur, "exact
// phrases" in any kind of double quotes or in 「」, -words that must not occur,
// and word* for everything that begins so. Full-width punctuation separates.
// Everything else is plain text: there is no query that is wrong.
//
// A word that mixes scripts is one term: the characters have to stand together.
func Parse(text string) Question {
	var q Question
	if utf8.RuneCountInString(text) > maxQuery {
		text = string([]rune(text)[:maxQuery])
	}
	type key struct {
		text      string
		not, star bool
	}
	seen := map[key]bool{}
	written := false
	for {
		text = strings.TrimLeftFunc(text, separates)
		if text == "" {
			break
		}
		not := false
		if rest, ok := minus(text); ok {
			text, not = rest, true
		}
		var word string
		var star bool
		if rest, ok := openQuote(text); ok {
			word, text = untilQuote(rest)
		} else {
			word, text = untilSeparator(text)
			word, star = strings.CutSuffix(word, "*")
		}
		written = true
		t := termOf(word, star)
		this := key{t.Text, not, star}
		if len(t.Tokens) == 0 || seen[this] || len(q.Terms)+len(q.Not) == maxTerms {
			continue
		}
		seen[this] = true
		if not {
			q.Not = append(q.Not, t)
		} else {
			q.Terms = append(q.Terms, t)
		}
	}
	q.Nothing = written && len(q.Terms)+len(q.Not) == 0
	return q
}

// termOf analyses one word or phrase. Parts of a phrase are analysed each for
// itself, since white space between them may be anything in the text.
func termOf(s string, star bool) Term {
	var t Term
	fields := strings.FieldsFunc(s, isSpace)
	var parts []string
	for _, f := range fields {
		parts = append(parts, strings.Fields(Normalise(f))...)
	}
	t.Text = strings.Join(parts, " ")
	for n, p := range parts {
		last := n == len(parts)-1
		t.Tokens, t.Prefix = askTokens(t.Tokens, p, last && star, last)
	}
	return t
}

// Words are the words of a query as Highlight takes them.
func Words(query string) []string {
	var out []string
	for _, t := range Parse(query).Terms {
		out = append(out, t.word())
	}
	return out
}

// word is a term as Highlight takes it: its text, and a star where a word only
// begins so.
func (t *Term) word() string {
	if t.Prefix {
		return t.Text + "*"
	}
	return t.Text
}

func separates(r rune) bool { return isSpace(r) || strings.ContainsRune("，、；。！？", r) }

func minus(s string) (rest string, ok bool) {
	for _, sign := range []string{"-", "－"} {
		if rest, ok = strings.CutPrefix(s, sign); ok && rest != "" {
			r, _ := decode(rest, 0)
			return rest, !separates(r) && r != '-' && r != '－'
		}
	}
	return s, false
}

const quotes = "\"“”„＂«»「」『』"

func openQuote(s string) (rest string, ok bool) {
	r, size := decode(s, 0)
	if s == "" || !strings.ContainsRune(quotes, r) {
		return s, false
	}
	return s[size:], true
}

func untilQuote(s string) (phrase, rest string) {
	at := strings.IndexAny(s, quotes)
	if at < 0 {
		return s, ""
	}
	_, size := decode(s, at)
	return s[:at], s[at+size:]
}

func untilSeparator(s string) (word, rest string) {
	at := strings.IndexFunc(s, func(r rune) bool { return separates(r) || strings.ContainsRune(quotes, r) })
	if at < 0 {
		return s, ""
	}
	return s[:at], s[at:]
}
