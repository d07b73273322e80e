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
	Terms  []Term // every one has to occur
	Not    []Term // none may occur
	Narrow Narrow
	// Nothing says that something was written that cannot be looked for (a lone
	// smiley): it finds nothing, where an empty question finds everything.
	Nothing bool
}

// Parse reads the query language: words that all have to occur, "exact
// phrases" in any kind of double quotes or in 「」, -words that must not occur,
// a OR b for either, word* for everything that begins so, and operators as in
// from:张伟 (see operator.go). Full-width punctuation separates. Everything else
// is plain text: there is no query that is wrong.
//
// A word that mixes scripts is one term: the characters have to stand together.
func Parse(text string) Question {
	if utf8.RuneCountInString(text) > maxQuery {
		text = string([]rune(text)[:maxQuery])
	}
	p := parser{text: text, seen: map[termKey]bool{}}
	for p.word() {
	}
	p.q.Nothing = p.written && len(p.q.Terms)+len(p.q.Not) == 0 && p.q.Narrow.empty()
	return p.q
}

type parser struct {
	q       Question
	text    string
	seen    map[termKey]bool
	written bool
	or      bool // OR was read; it joins the next word to the last one
}

// termKey tells a term that was written before.
type termKey struct {
	text, role  string
	place       place
	not, prefix bool
}

// word reads one more word; false at the end.
func (p *parser) word() bool {
	p.text = strings.TrimLeftFunc(p.text, separates)
	if p.text == "" {
		return false
	}
	if rest, ok := strings.CutPrefix(p.text, "OR"); ok && len(p.q.Terms) > 0 && startsWord(rest) {
		p.text, p.or = rest, true
		return true
	}
	not := false
	if rest, ok := minus(p.text); ok {
		p.text, not = rest, true
	}
	p.written = true
	op, rest, named := cutOperator(p.text)
	if !named {
		p.add(p.term(p.text), not)
		return true
	}
	whole := p.text
	p.text = rest
	t := p.term(rest)
	if op.narrows != nil {
		if not || !op.narrows(&p.q.Narrow, t.asked) {
			p.text = whole // no such kind, no such day: plain text
			p.add(p.term(whole), not)
		}
		return true
	}
	t.place, t.role = op.place, op.role
	p.add(t, not)
	return true
}

// startsWord says that a word or phrase follows white space.
func startsWord(s string) bool {
	rest := strings.TrimLeftFunc(s, isSpace)
	return rest != "" && len(rest) < len(s)
}

// asked is a term with the text as it was written.
type asked struct {
	Term
	asked string
}

// term reads the word or phrase that s begins with and leaves the rest.
func (p *parser) term(s string) asked {
	var word string
	var star bool
	rest, quoted := openQuote(s)
	if quoted {
		word, p.text = untilQuote(rest)
	} else {
		word, p.text = untilSeparator(s)
		word, star = strings.CutSuffix(word, "*")
		// What ends a sentence is no part of its last word: "live?" is in no text.
		if bare := strings.TrimRight(word, "?!.,;:"); bare != "" {
			word = bare
		}
	}
	t := termOf(word, star)
	if t.quoted = quoted; !quoted && !star {
		t.camel = camelParts(word)
	}
	return asked{t, word}
}

func (p *parser) add(a asked, not bool) {
	t := a.Term
	or := p.or
	p.or = false
	key := termKey{t.Text, t.role, t.place, not, t.Prefix}
	if len(t.Tokens) == 0 || len(p.q.Terms)+len(p.q.Not) == maxTerms || !or && p.seen[key] {
		return
	}
	p.seen[key] = true
	switch last := len(p.q.Terms) - 1; {
	case not:
		p.q.Not = append(p.q.Not, t)
	case or && last >= 0:
		p.q.Terms[last].or = append(p.q.Terms[last].or, t)
	default:
		p.q.Terms = append(p.q.Terms, t)
	}
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
	end := len(parts) // behind it is nothing that has tokens: the ! of "张 !"
	for end > 0 && strings.IndexFunc(parts[end-1], searchable) < 0 {
		end--
	}
	for n, p := range parts {
		last := n == end-1
		t.Tokens, t.Prefix = askTokens(t.Tokens, p, last && star, last)
	}
	if len(parts) == 1 && !star {
		t.setValue()
	}
	return t
}

func searchable(r rune) bool { return classOf(r) != other }

// setValue makes a term that is an amount or a date one that is found in any
// form of it.
func (t *Term) setValue() {
	token := valueOf(t.Text)
	switch {
	case token == "":
	case t.Text == token:
		t.value = token
	default:
		t.or = append(t.or, Term{Text: token, Tokens: []string{token}, value: token})
	}
}

// alternatives are the term and what will do as well.
func (t *Term) alternatives() []Term {
	out := make([]Term, 0, 1+len(t.or))
	first := *t
	first.or = nil
	out = append(out, first)
	for i := range t.or {
		out = append(out, t.or[i].alternatives()...)
	}
	return out
}

// Words are the words of a query as Highlight takes them.
func Words(query string) []string { return wordsOf(Parse(query).Terms) }

func wordsOf(terms []Term) (out []string) {
	for i := range terms {
		for _, t := range terms[i].alternatives() {
			if t.place != anywhere {
				continue
			}
			out = append(out, t.word())
			if t.value != "" {
				out = append(out, valueMark+t.value)
			}
		}
	}
	return out
}

// valueMark begins a word that stands for a value; no text has it.
const valueMark = "\x01"

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
