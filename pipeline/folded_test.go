package pipeline

import "testing"

func TestSeenFrom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		other, main telling
		want        string
	}{
		{"another header", telling{"验收", nil}, telling{"验收", nil}, VariantHeaders},
		{"a footer", telling{"验收页脚", nil}, telling{"验收", nil}, VariantAdded},
		{"without its end", telling{"验收", nil}, telling{"验收页脚", nil}, VariantShortened},
		{"another text", telling{"付款", nil}, telling{"验收", nil}, ""},
		{"no text", telling{"", nil}, telling{"验收", nil}, ""},
		{"neither has text", telling{"", nil}, telling{"", nil}, VariantHeaders},
		{"an attachment more", telling{"验收", []int64{1, 2}}, telling{"验收", []int64{1}}, ""},
		{"an attachment less", telling{"验收", []int64{1}}, telling{"验收", []int64{1, 2}}, VariantHeaders},
	} {
		if got := c.other.seenFrom(&c.main); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
