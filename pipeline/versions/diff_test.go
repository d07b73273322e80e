package versions

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func show(changes []Change) string {
	var b strings.Builder
	for _, c := range changes {
		b.WriteString(string(c.Op))
		if c.Parts == nil {
			b.WriteString(c.Text)
		}
		for _, p := range c.Parts {
			if p.Changed {
				b.WriteString("{" + p.Text + "}")
			} else {
				b.WriteString(p.Text)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestDiff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, new, want string }{
		{"", "", " \n"},
		{"a\nb\nc", "a\nb\nc", " a\n b\n c\n"},
		{"a\nb\nc", "a\nc", " a\n-b\n c\n"},
		{"a\nc", "a\nb\nc", " a\n+b\n c\n"},
		{"甲方应在10日内付款", "甲方应在15日内付款", "-甲方应在{10}日内付款\n+甲方应在{15}日内付款\n"},
		{"total 100 euro", "total 120 euro", "-total {100} euro\n+total {120} euro\n"},
		{"完全不同的一行", "other words here", "-完全不同的一行\n+other words here\n"},
		{"x\nx\na\nx\nx", "x\na\nx\nb\nx", " x\n-x\n a\n x\n+b\n x\n"},
	} {
		if got := show(Diff(strings.Split(c.old, "\n"), strings.Split(c.new, "\n"))); got != c.want {
			t.Errorf("%q to %q:\n%swant\n%s", c.old, c.new, got, c.want)
		}
	}
}

// applies says whether a difference leads from one text to the other.
func applies(old, now []string, changes []Change) bool {
	var was, is []string
	for _, c := range changes {
		if c.Op != Added {
			was = append(was, c.Text)
		}
		if c.Op != Removed {
			is = append(is, c.Text)
		}
	}
	return strings.Join(was, "\n") == strings.Join(old, "\n") && strings.Join(is, "\n") == strings.Join(now, "\n")
}

func TestDiffLeadsFromOneToTheOther(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(4, 4))
	for range 3000 {
		text := func() (out []string) {
			for range rng.IntN(14) {
				out = append(out, string(rune('a'+rng.IntN(5))))
			}
			return out
		}
		a, b := text(), text()
		if !applies(a, b, Diff(a, b)) {
			t.Fatalf("%q to %q: %s", a, b, show(Diff(a, b)))
		}
	}
	// Larger than the search follows.
	var a, b []string
	for range 3000 {
		a, b = append(a, string(rune('a'+rng.IntN(9)))), append(b, string(rune('a'+rng.IntN(9))))
	}
	if !applies(a, b, Diff(a, b)) {
		t.Error("a long difference does not apply")
	}
}

func FuzzDiff(f *testing.F) {
	f.Add("a\nb", "b\na")
	f.Add("合同\n\n金额", "合同\n金额\n")
	f.Add("\xff\n\xfe", "\xfe\n\xff")
	f.Fuzz(func(t *testing.T, a, b string) {
		old, now := strings.Split(a, "\n"), strings.Split(b, "\n")
		if !applies(old, now, Diff(old, now)) {
			t.Fatal("the difference does not lead from one to the other")
		}
	})
}
