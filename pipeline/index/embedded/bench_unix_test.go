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
	for _, batch := range []int{512 << 10} {
		b.Run(fmt.Sprintf("text=%dk", batch>>10), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(3, 4))
			texts := passagesOfWords(rng, vocabulary(rng, 8000), 2000, 600)
			dir := b.TempDir()
			e, err := Open(dir, Options{BatchText: batch})
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
