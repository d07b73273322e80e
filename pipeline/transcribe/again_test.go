package transcribe

import (
	"slices"
	"testing"
)

func TestHoles(t *testing.T) {
	t.Parallel()
	at := func(from, to float64) span { return span{samplesOf(from), samplesOf(to)} }
	p := &part{From: samplesOf(100), To: samplesOf(120), Voice: []span{at(101, 104), at(109, 113), at(113.5, 116), at(118, 118.6)}}
	for name, c := range map[string]struct {
		segments []segment
		want     []span
	}{
		"all is covered":           {[]segment{{Start: 1, End: 16}, {Start: 18, End: 18.6}}, nil},
		"the end is left out":      {[]segment{{Start: 1, End: 4}}, []span{at(108.7, 116.3)}},
		"times are a little off":   {[]segment{{Start: 1.2, End: 3.8}, {Start: 9.2, End: 15.8}}, nil},
		"a piece in the middle":    {[]segment{{Start: 1, End: 4}, {Start: 13.5, End: 16}}, []span{at(108.7, 113.3)}},
		"the beginning":            {[]segment{{Start: 9, End: 16}}, []span{at(100.7, 104.3)}},
		"two":                      {[]segment{{Start: 13, End: 13.4}}, []span{at(100.7, 104.3), at(108.7, 113), at(113.4, 116.3)}},
		"half a second is no loss": {[]segment{{Start: 1, End: 4}, {Start: 9, End: 16}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := holes(p, p.Voice, c.segments); !slices.EqualFunc(got, c.want, func(a, b span) bool {
				return abs(int(a.From-b.From)) <= 1 && abs(int(a.To-b.To)) <= 1
			}) {
				t.Errorf("%v, not %v", got, c.want)
			}
		})
	}
}

func TestLooping(t *testing.T) {
	t.Parallel()
	said := func(texts ...string) *answer {
		a := &answer{}
		for _, s := range texts {
			a.Segments = append(a.Segments, segment{Text: s})
			a.Text += s
		}
		return a
	}
	for _, c := range []struct {
		a    *answer
		want bool
	}{
		{said("我们开会吧。", "好的。", "好的。", "好的。"), false},
		{said("谢谢大家谢谢大家谢谢大家谢谢大家谢谢大家"), true},
		{said("这个问题我们再讨论。", "这个问题我们再讨论。", "这个问题我们再讨论。"), true},
		{said("这个问题我们再讨论。", "这个问题我们再讨论。", "好。"), false},
		{said(), false},
	} {
		if got := looping(c.a); got != c.want {
			t.Errorf("%q: %v", c.a.Text, got)
		}
	}
}
