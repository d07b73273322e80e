package main

import (
	"fmt"
	"math"
	"strings"
	"unicode"

	"guidang/extractors/document"
	"guidang/pipeline/han"
)

// place is where a clip lies in the joined recording, in samples.
type place struct {
	clip     *clip
	from, to int
}

type joined struct {
	pcm    []int16
	places []place
}

// score counts errors by language.
type score struct{ wrong, of map[string]int }

func (s *score) add(c *clip, heard string) int {
	if s.wrong == nil {
		s.wrong, s.of = map[string]int{}, map[string]int{}
	}
	want := units(c.text, c.language)
	n := edits(units(heard, c.language), want)
	s.wrong[c.language] += n
	s.of[c.language] += len(want)
	return n
}

func (s *score) String() string {
	var out []string
	for _, l := range [][2]string{{"zh", "characters"}, {"en", "words"}} {
		if of := s.of[l[0]]; of > 0 {
			out = append(out, fmt.Sprintf("%.1f %% of %s wrong (%d of %d)", 100*float64(s.wrong[l[0]])/float64(of), l[1], s.wrong[l[0]], of))
		}
	}
	return strings.Join(out, ", ")
}

// judge prints how a transcript of the whole fits what was put together.
func (j *joined) judge(t *document.Transcript) {
	heard := make([][]document.Utterance, len(j.places))
	stray := 0
	for _, u := range t.Utterances {
		best, most := -1, 0.0
		for n, p := range j.places {
			if over := min(u.End, seconds(p.to)) - max(u.Start, seconds(p.from)); over > most {
				best, most = n, over
			}
		}
		if best < 0 {
			stray++
			fmt.Printf("  at %.1f s, where nobody speaks: %s\n", u.Start, u.Text)
			continue
		}
		heard[best] = append(heard[best], u)
	}
	all, same := &score{}, &score{}
	worst, late := 0.0, 0
	for n, p := range j.places {
		text := said(heard[n])
		wrong := all.add(p.clip, text)
		if p.clip.alone != "" {
			if before := same.add(p.clip, p.clip.alone); before != wrong {
				fmt.Printf("  %.1f s, %s: %d errors, alone %d\n    together: %s\n    alone:    %s\n", seconds(p.from), p.clip.name, wrong, before, text, p.clip.alone)
			}
		}
		for _, u := range heard[n] {
			off := max(seconds(p.from)-u.Start, u.End-seconds(p.to))
			if worst = max(worst, off); off > 0.5 {
				late++
				fmt.Printf("  %.1f–%.1f s lies %.2f s outside of %s\n", u.Start, u.End, off, p.clip.name)
			}
		}
	}
	fmt.Println("together:", all)
	if same.of != nil {
		fmt.Println("the same clips alone:", same)
	}
	fmt.Printf("times: %d utterances more than 0.5 s outside of their clip, %.2f s at most; %d where nobody speaks\n", late, math.Max(worst, 0), stray)
}

func said(us []document.Utterance) string {
	var out []string
	for _, u := range us {
		out = append(out, u.Text)
	}
	return strings.Join(out, " ")
}

// units are what errors are counted in: characters, or words.
func units(text, language string) []string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\'' || r == '’' || r == '‘':
			return -1
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			return unicode.ToUpper(r)
		}
		return ' '
	}, han.Simplify(text))
	if language != "zh" {
		return strings.Fields(text)
	}
	return strings.Split(strings.Join(strings.Fields(text), ""), "")
}

// edits is the Levenshtein distance.
func edits(got, want []string) int {
	row := make([]int, len(want)+1)
	for j := range row {
		row[j] = j
	}
	for i, g := range got {
		before := row[0]
		row[0] = i + 1
		for j, w := range want {
			cost := before
			if g != w {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(row[j+1]+1, row[j]+1, cost)
		}
	}
	return row[len(want)]
}
