//go:build unix

package embedded

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"guidang/pipeline/index"
	"guidang/pipeline/index/indextest"
)

// vocabulary makes n two-character words; frequent ones come first.
func vocabulary(rng *rand.Rand, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = string([]rune{rune(0x4e00 + rng.IntN(3000)), rune(0x4e00 + rng.IntN(3000))})
	}
	return out
}

// passagesOfWords writes text in which a word has some forty possible followers,
// as in life: text of independent words has ten times as many different bigrams.
func passagesOfWords(rng *rand.Rand, words []string, n, chars int) []string {
	follower := rand.NewZipf(rng, 1.3, 2, 40)
	out := make([]string, n)
	at := uint64(0)
	for i := range out {
		var b strings.Builder
		for c := 0; c < chars; c += 2 {
			b.WriteString(words[at%uint64(len(words))])
			if at = at*31 + 7*follower.Uint64() + 1; rng.IntN(8) == 0 {
				b.WriteString("，")
				c++
				at = uint64(rng.ExpFloat64() * float64(len(words)) / 20)
			}
			at %= uint64(len(words))
		}
		out[i] = b.String()
	}
	return out
}

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// anonymous is the process's RssAnon in MB, 0 where the system does not tell.
func anonymous() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "RssAnon: %f kB", &kb); err == nil {
			return kb / 1024
		}
	}
	return 0
}

// BenchmarkUpsert indexes passages of 600 characters as mails of one passage,
// in batches of 500, and reports CPU, size and memory.
//
//	go test -bench Upsert -benchtime 10000x ./pipeline/index/embedded
func BenchmarkUpsert(b *testing.B) {
	for _, batch := range []int{1 << 20, 2 << 20} {
		b.Run(fmt.Sprintf("text=%dk", batch>>10), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(3, 4))
			texts := passagesOfWords(rng, vocabulary(rng, 8000), 2000, 600)
			dir := b.TempDir()
			e, err := Open(b.Context(), dir, Options{BatchText: batch})
			if err != nil {
				b.Fatal(err)
			}
			peak := 0.0
			began := cpu()
			b.ResetTimer()
			var entries []index.Entry
			var token index.Token
			for n := range b.N {
				// Another start in the text makes another passage of it.
				text := []rune(texts[n%len(texts)])
				at := n / len(texts) * 7 % len(text)
				d := indextest.Doc(fmt.Sprintf("%026d", n), "关于项目的邮件", string(text[at:])+string(text[:at]))
				if entries = append(entries, d); len(entries) < 500 && n < b.N-1 {
					continue
				}
				if token, err = e.Upsert(b.Context(), entries, index.Mark{}); err != nil {
					b.Fatal(err)
				}
				entries = entries[:0]
				peak = max(peak, anonymous())
			}
			if err := e.Visible(b.Context(), token); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			b.ReportMetric(float64((cpu()-began).Microseconds())/float64(b.N), "cpu-µs/passage")
			b.ReportMetric(peak, "RssAnon-MB")
			st, err := e.Stats(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(st.Bytes)/float64(b.N), "disk-B/passage")
			if err := e.Close(); err != nil {
				b.Fatal(err)
			}
			files, _ := filepath.Glob(filepath.Join(dir, "g-*", "*.zap"))
			b.ReportMetric(float64(len(files)), "segments")
		})
	}
}

// BenchmarkSearch asks an index of 20,000 passages, through the Searcher, which
// reads the candidates' texts from memory here.
//
//	go test -run xxx -bench Search -benchtime 50x ./pipeline/index/embedded
func BenchmarkSearch(b *testing.B) {
	const passages = 20_000
	rng := rand.New(rand.NewPCG(3, 4))
	words := vocabulary(rng, 8000)
	texts := passagesOfWords(rng, words, passages, 600)
	e, err := Open(b.Context(), b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	a := indextest.NewArchive(e)
	var entries []index.Entry
	for n, text := range texts {
		entries = append(entries, indextest.Doc(fmt.Sprintf("%026d", n), "关于项目的邮件", text))
	}
	a.Keep(entries...)
	var token index.Token
	for at := 0; at < passages; at += 500 {
		if token, err = e.Upsert(b.Context(), entries[at:at+500], a.Mark()); err != nil {
			b.Fatal(err)
		}
	}
	if err := e.Visible(b.Context(), token); err != nil {
		b.Fatal(err)
	}
	measure := func(name string, fn func() int) {
		b.Run(name, func(b *testing.B) {
			began, hits := cpu(), 0
			for range b.N {
				hits += fn()
			}
			b.ReportMetric(float64((cpu()-began).Microseconds())/1000/float64(b.N), "cpu-ms")
			b.ReportMetric(float64(hits)/float64(b.N), "hits")
		})
	}
	engine := func(text func() string, change func(*index.Query)) func() int {
		return func() int {
			q := index.Query{Terms: index.Parse(text()).Terms, Scopes: []string{indextest.Everyone}, Candidates: 2000}
			if change != nil {
				change(&q)
			}
			got, err := e.Search(b.Context(), q)
			if err != nil {
				b.Fatal(err)
			}
			return len(got.Hits)
		}
	}
	chars := func(n int) func() string {
		return func() string {
			text := []rune(texts[rng.IntN(passages)])
			at := rng.IntN(len(text) - n)
			return string(text[at : at+n])
		}
	}
	measure("engine 1 char", engine(chars(1), nil))
	measure("engine 2 chars", engine(chars(2), nil))
	measure("engine 4 chars", engine(chars(4), nil))
	measure("engine all", engine(func() string { return "项目" }, nil))
	measure("engine dates", engine(chars(2), func(q *index.Query) {
		q.From, q.To = time.Date(2019, 3, 4, 0, 0, 0, 0, time.UTC), time.Date(2025, 11, 5, 0, 0, 0, 0, time.UTC)
	}))
	measure("engine browse", engine(func() string { return "" }, nil))
	ask := func(text func() string) func() int {
		return func() int {
			r, err := a.Searcher().Search(b.Context(), index.Request{Text: text(), Scopes: []string{indextest.Everyone}})
			if err != nil {
				b.Fatal(err)
			}
			return r.Total
		}
	}
	measure("searcher 2 chars", ask(chars(2)))
	measure("searcher 4 chars", ask(chars(4)))
	measure("searcher two words", ask(func() string { return chars(2)() + " " + chars(2)() }))
	measure("searcher all", ask(func() string { return "项目" }))
	measure("walk", func() int {
		n := 0
		if err := e.Walk(b.Context(), func(string, int64, int) error { n++; return nil }); err != nil {
			b.Fatal(err)
		}
		return n
	})
}
