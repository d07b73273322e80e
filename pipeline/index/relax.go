package index

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

// relaxTries bounds how many shorter questions are asked when nothing holds all
// words of one.
const relaxTries = 6

// answer finds what was asked. Where nothing holds all of it, it asks for the
// most telling words alone, and leftOut says which were left out: a question in
// plain language ("验收报告什么时候交？") has words that no document repeats.
func (l *lookup) answer(ctx context.Context) ([]*match, error) {
	found, err := l.find(ctx)
	if err != nil || len(found) > 0 || len(l.question.Terms) == 0 || !l.exact {
		return found, err
	}
	asked, first := l.question, l.needles
	words, left, err := l.telling(ctx)
	for range relaxTries {
		if err != nil || len(words) == 0 || len(left) == 0 && len(words) <= len(asked.Terms) {
			break // nothing else than what was asked already
		}
		l.question.Terms = nil
		for _, w := range words {
			l.question.Terms = append(l.question.Terms, w.term)
		}
		l.setNeedles()
		if found, err = l.find(ctx); err != nil || len(found) > 0 {
			l.leftOut = left
			for i := range asked.Terms {
				if t := &asked.Terms[i]; !slices.ContainsFunc(l.question.Terms, func(o Term) bool { return o.Text == t.Text }) && !slices.Contains(left, t.Text) {
					l.apartFrom = append(l.apartFrom, t.Text)
				}
			}
			return found, err
		}
		last := len(words) - 1
		if words[last].bound {
			break
		}
		left = append(left, words[last].term.Text)
		words = words[:last]
	}
	l.question, l.needles = asked, first
	return nil, err
}

func (l *lookup) setNeedles() {
	l.needles = nil
	for i := range l.question.Terms {
		l.needles = append(l.needles, needleOf(&l.question.Terms[i]))
	}
}

// telling takes the words of a question apart and puts the most telling first. What
// nothing holds is left out, and so is what only makes it a question.
func (l *lookup) telling(ctx context.Context) (words []counted, left []string, err error) {
	base := l.base()
	seen := map[string]bool{}
	for i := range l.question.Terms {
		t := &l.question.Terms[i]
		bound := t.quoted || t.place != anywhere || len(t.or) > 0 && !t.loose || strings.ContainsAny(t.Text, "0123456789")
		parts := []Term{*t}
		if !bound && len(t.or) == 0 {
			var dropped []string
			if parts, dropped, err = l.parts(ctx, base, t); err != nil {
				return nil, nil, err
			}
			left = append(left, dropped...)
		}
		for _, p := range parts {
			if seen[p.Text] && !bound {
				continue
			}
			seen[p.Text] = true
			got, err := l.having(ctx, base, &p)
			switch {
			case err != nil:
				return nil, nil, err
			case len(got.Hits) > 0 || bound:
				words = append(words, counted{p, len(got.Hits), bound})
			default:
				left = append(left, p.Text)
			}
		}
	}
	slices.SortStableFunc(words, func(a, b counted) int {
		if a.bound != b.bound { // what was put in quotes or behind an operator stays to the last
			if a.bound {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.common(), b.common())
	})
	return words, left, nil
}

// counted is a term and how many passages have it.
type counted struct {
	term     Term
	passages int
	bound    bool // written so that it cannot be left out
}

// common is how little a term tells: a long one is worth more than its rarity.
func (c *counted) common() float64 {
	n := utf8.RuneCountInString(c.term.Text)
	return float64(c.passages) / float64(n*n)
}

// parts takes a word apart at particles, and a piece that nothing holds into the
// longest beginnings that something does.
func (l *lookup) parts(ctx context.Context, base Query, t *Term) (parts []Term, left []string, err error) {
	pieces, left := cutParticles(t.Text)
	for _, piece := range pieces {
		for piece != "" {
			if len(parts) == maxTerms { // each costs several questions to the engine
				left = append(left, piece)
				break
			}
			size := len(piece)
			if isHanText(piece) {
				if size, err = l.longest(ctx, base, piece); err != nil {
					return nil, nil, err
				}
			}
			parts = append(parts, termOf(piece[:size], false))
			piece = piece[size:]
		}
	}
	return parts, left, nil
}

// pieceMost is the longest piece, in characters, that is looked for whole.
const pieceMost = 8

// longest is how many bytes of a Han piece something holds, at least one
// character.
func (l *lookup) longest(ctx context.Context, base Query, piece string) (int, error) {
	runes := []rune(piece)
	for n := min(len(runes), pieceMost); n > 2; n-- {
		start := string(runes[:n])
		q := base
		q.Terms, q.Candidates = []Term{termOf(start, false)}, 1
		got, err := l.engine.Search(ctx, q)
		if err != nil || len(got.Hits) > 0 {
			return len(start), err
		}
	}
	return len(string(runes[:min(2, len(runes))])), nil
}

func isHanText(s string) bool {
	for _, r := range s {
		if classOf(r) != cjk {
			return false
		}
	}
	return s != ""
}

// cutParticles parts Chinese at words that only make a question or a sentence,
// and takes out English ones.
func cutParticles(s string) (pieces, left []string) {
	if slices.Contains(englishParticles, s) {
		return nil, []string{s}
	}
	from := 0
	for i := 0; i < len(s); {
		size := 0
		for _, p := range chineseParticles {
			if strings.HasPrefix(s[i:], p) {
				size = len(p)
				break
			}
		}
		switch {
		case size > 0:
			if i > from {
				pieces = append(pieces, s[from:i])
			}
			left = append(left, s[i:i+size])
			i += size
			from = i
		default:
			_, n := decode(s, i)
			i += n
		}
	}
	if from < len(s) {
		pieces = append(pieces, s[from:])
	}
	return pieces, left
}

// Longer ones first, since the first that fits is taken.
var chineseParticles = []string{
	"什么时候", "为什么", "是不是", "有没有", "能不能", "怎么样", "多少钱", "什么", "怎么", "怎样", "如何", "哪些", "哪个", "哪里", "多少", "是否", "谁", "几时", "何时", "请问", "关于", "我们", "你们", "他们", "这个", "那个", "的", "了", "吗", "呢", "吧", "啊", "是", "在", "和", "与", "及", "对", "把", "被", "从", "给", "就", "都", "也", "很", "有",
}

var englishParticles = []string{
	"a", "an", "the", "is", "are", "was", "were", "be", "do", "does", "did", "what", "when", "where", "who", "why", "how", "which", "of", "in", "on", "at", "to", "for", "by", "with", "and", "or", "about", "we", "our", "us", "you", "they", "it", "this", "that", "has", "have", "had", "can", "will",
}
