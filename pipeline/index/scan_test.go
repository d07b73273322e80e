package index

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestScan compares with what the normal form holds.
func TestScan(t *testing.T) {
	t.Parallel()
	pool := []rune("项目验收項目驗收台臺檯㈱株式会社㍿⽬⽉月目\u3000 \n\t\u200b\ufe00\u0301，a1里裏裡")
	ask := []string{"项目", "目验收", "验收项目", "式会", "会社目", "台里", "月目月", "里项"}
	hits := 0
	for n := range 4_000 {
		rng := rand.New(rand.NewPCG(3, uint64(n)))
		var b strings.Builder
		for range 1 + rng.IntN(30) {
			b.WriteRune(pool[rng.IntN(len(pool))])
		}
		if n%7 == 0 {
			b.WriteByte(byte(rng.IntN(256))) // no UTF-8
		}
		text := b.String() + ask[n%len(ask)][:3]
		for _, s := range ask {
			needle := needleOf(&Term{Text: s})
			sc := scanOf(&needle)
			if sc == nil {
				t.Fatalf("no scan for %s", s)
			}
			want := needle.in(Normalise(text))
			if want {
				hits++
			}
			if got := sc.in(text); got != want {
				t.Fatalf("%s in %q: %v, want %v", s, text, got, want)
			}
			if want := needle.count(Normalise(text), countMost); sc.counts && sc.count(text, countMost) != want {
				t.Fatalf("%s in %q: %d times, want %d", s, text, sc.count(text, countMost), want)
			}
		}
	}
	for s, counts := range map[string]bool{"验收项目": true, "哈哈": false, "月目月": false} {
		if needle := needleOf(&Term{Text: s}); scanOf(&needle).counts != counts {
			t.Errorf("%s: counts %v", s, !counts)
		}
	}
	if hits < 500 {
		t.Errorf("only %d of the questions were to be found", hits)
	}
	for _, s := range []string{"目", "v2版本", "甲 方", "か月"} {
		if needle := needleOf(&Term{Text: s}); scanOf(&needle) != nil {
			t.Errorf("%s is scanned for", s)
		}
	}
}
