package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"guidang/extractors/document"
	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
)

// corpus makes passages of 600 to 1,200 characters, two thirds of them Chinese:
// half sentences of the sample archive, half sentences of made-up words in which
// a word has some forty possible followers, as in life. The same number gives
// the same passage.
type corpus struct {
	chinese, english []string // sentences
	words            []string // two characters each
	latin            []string
	scopes           int
}

func newCorpus() (*corpus, error) {
	all, err := indextest.Samples()
	if err != nil {
		return nil, err
	}
	c := &corpus{scopes: 8}
	for _, s := range all {
		for _, p := range s.Entry.Passages {
			for _, part := range strings.FieldsFunc(p.Text, func(r rune) bool { return strings.ContainsRune("。；;\n", r) }) {
				switch part = strings.TrimSpace(part); {
				case len(part) < 12:
				case strings.IndexFunc(part, isHan) >= 0:
					c.chinese = append(c.chinese, part)
				default:
					c.english = append(c.english, part)
				}
			}
		}
	}
	rng := rand.New(rand.NewPCG(11, 12))
	for range 8000 {
		c.words = append(c.words, string([]rune{rune(0x4e00 + rng.IntN(3500)), rune(0x4e00 + rng.IntN(3500))}))
	}
	for range 20000 {
		w := make([]byte, 3+rng.IntN(8))
		for i := range w {
			w[i] = "etaoinshrdlucmfwypvbgkjqxz"[min(int(rng.ExpFloat64()*6), 25)]
		}
		c.latin = append(c.latin, string(w))
	}
	return c, nil
}

func isHan(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }

// text is the n-th passage.
func (c *corpus) text(n int) string {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	size := 600 + rng.IntN(600)
	var b strings.Builder
	chinese := n%3 != 2
	follower := rand.NewZipf(rng, 1.3, 2, 40)
	for have := 0; have < size; {
		var s string
		switch {
		case chinese && rng.IntN(2) == 0:
			s = c.chinese[rng.IntN(len(c.chinese))]
		case chinese:
			at := uint64(rng.ExpFloat64()*400) % uint64(len(c.words))
			var w strings.Builder
			for range 6 + rng.IntN(12) {
				w.WriteString(c.words[at])
				at = (at*31 + 7*follower.Uint64() + 1) % uint64(len(c.words))
			}
			s = w.String()
		case rng.IntN(2) == 0:
			s = c.english[rng.IntN(len(c.english))]
		default:
			var w []string
			for range 8 + rng.IntN(10) {
				w = append(w, c.latin[int(rng.ExpFloat64()*1500)%len(c.latin)])
			}
			s = strings.Join(w, " ")
		}
		b.WriteString(s)
		if chinese {
			b.WriteString("。")
		} else {
			b.WriteString(". ")
		}
		have += len([]rune(s))
	}
	return b.String()
}

func docID(n int) string { return fmt.Sprintf("%026d", n) }

func docNumber(id string) int {
	n, _ := strconv.Atoi(id) // made by docID
	return n
}

var tags = []string{"需求变更", "验收通过", "高优先级"}

// entry is the n-th document: one passage.
func (c *corpus) entry(n int, text string) index.Entry {
	d := c.describe(n)
	return index.Entry{
		Document: docID(n), Revision: 1, Kind: d.Kind, Title: d.Title, Name: d.Name, Date: d.Date, Tags: d.Tags, Scopes: []string{c.scope(n)},
		Passages: []index.Passage{{Text: text}},
	}
}

func (c *corpus) scope(n int) string { return fmt.Sprint("source:", n%c.scopes) }

func (c *corpus) everything() (out []string) {
	for n := range c.scopes {
		out = append(out, fmt.Sprint("source:", n))
	}
	return out
}

func (c *corpus) describe(n int) index.Description {
	number := strconv.Itoa(n)
	d := index.Description{
		Title: "第" + number + "号文件", Name: number + ".txt", Locator: "share/" + number + ".txt",
		Kind: document.Kinds[n%4], Date: time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(n%1400) * 24 * time.Hour),
	}
	if n%5 == 0 {
		d.Tags = tags[n%3 : n%3+1]
	}
	return d
}
