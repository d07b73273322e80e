package index

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// drawn is a text of fewer than most characters of a pool.
func drawn(pool []rune, rng *rand.Rand, most int) string {
	var b strings.Builder
	for range rng.IntN(most) {
		b.WriteRune(pool[rng.IntN(len(pool))])
	}
	return b.String()
}

// TestNormaliseIsNFKC compares with the slow way over text in which nothing is
// left out: no white space, no invisible characters, no separators of thousands.
func TestNormaliseIsNFKC(t *testing.T) {
	t.Parallel()
	pool := []rune("项目驗收报告，。；aBcÉéßß１Ａﬁé̈がか゛請點㈱⽂\u3099\U0002a6d6䷀䶿鿿一\u0301ǅẞǰJ̌")
	for n := range 10_000 {
		s := drawn(pool, rand.New(rand.NewPCG(7, uint64(n))), 16)
		want := ""
		for _, r := range norm.NFKC.String(strings.ToLower(norm.NFKC.String(s))) {
			if !isSpace(r) {
				want += string(foldRune(r))
			}
		}
		got, at := normaliseAt(s)
		if strings.ReplaceAll(got, " ", "") != want || len(at) != len(got)+1 || at[len(got)] != len(s) {
			t.Fatalf("%q becomes %q %v, want %q", s, got, at, want)
		}
		for i, from := range at[:len(got)] {
			if !utf8.RuneStart(s[from]) || i > 0 && from < at[i-1] {
				t.Fatalf("%q: byte %d of %q comes from %d", s, i, got, from)
			}
		}
	}
}

// TestNormaliseBlanks compares with the slow way over words with blanks between
// them, and marks that are drawn into a letter or stand by themselves.
func TestNormaliseBlanks(t *testing.T) {
	t.Parallel()
	pool := []rune("aBz  É\u0301\u030c1-\t")
	for n := range 20_000 {
		s := drawn(pool, rand.New(rand.NewPCG(8, uint64(n))), 12)
		want := norm.NFKC.String(strings.ToLower(norm.NFKC.String(strings.Join(strings.Fields(s), " "))))
		got, at := normaliseAt(s)
		if got != want || Normalise(s) != want || len(at) != len(got)+1 {
			t.Fatalf("%q becomes %q %v, want %q", s, got, at, want)
		}
	}
}
