package mail

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"guidang/extractors/document"
)

// inRange lists what a mailbox gives in a range, and the bytes of each.
func inRange(t *testing.T, data string, r document.Range) (steps []string, all map[string]string) {
	t.Helper()
	in := input("a.mbox", data)
	in.Range = r
	all = map[string]string{}
	_, err := Mbox.Read(context.Background(), in, func(c *document.Child) error {
		b, err := io.ReadAll(c.Content)
		steps = append(steps, c.Step)
		all[c.Step] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return steps, all
}

// A mail in pieces is joined where the last of them is met, whether the mailbox is
// read at once or in ranges, and is opened by its step.
func TestJoined(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/pieces.mbox")
	if err != nil {
		t.Fatal(err)
	}
	data := string(raw)
	want, all := inRange(t, data, document.Range{})
	if len(want) != 5 || !strings.HasSuffix(want[3], wholeSuffix) {
		t.Fatalf("children %q", want)
	}
	joined := all[want[3]]
	if !strings.Contains(joined, "Subject: the whole\n") || strings.Contains(joined, "message/partial") || strings.Contains(joined, "<p1@") || !strings.Contains(joined, "QUFBQUFB\nQkJCQkJC") {
		t.Errorf("joined is\n%s", joined)
	}
	ranges, err := Mbox.Cut(context.Background(), input("a.mbox", data), 1)
	if err != nil || len(ranges) != 4 {
		t.Fatalf("ranges %v, %v", ranges, err)
	}
	var got []string
	for _, r := range ranges {
		steps, some := inRange(t, data, r)
		got = append(got, steps...)
		for s, b := range some {
			if all[s] != b {
				t.Errorf("%s has other bytes in its range", s)
			}
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("in ranges %q, at once %q", got, want)
	}
	for step, content := range all {
		c, err := Mbox.Open(context.Background(), input("a.mbox", data), step)
		if err != nil {
			t.Errorf("%s: %v", step, err)
			continue
		}
		if b, _ := io.ReadAll(c.Content); string(b) != content {
			t.Errorf("%s opens to\n%s", step, b)
		}
	}
	for _, step := range []string{want[0] + wholeSuffix, want[1] + wholeSuffix, want[4] + wholeSuffix} {
		if _, err := Mbox.Open(context.Background(), input("a.mbox", data), step); err == nil {
			t.Errorf("%s can be opened", step)
		}
	}
}

// What pieces claim is not believed: no number of them makes a mail of nothing.
func TestPiecesThatLie(t *testing.T) {
	t.Parallel()
	for name, claims := range map[string][]string{
		"no total":       {"number=1", "number=2"},
		"one too many":   {"number=1; total=3", "number=2; total=3"},
		"number beyond":  {"number=1; total=1000000000", "number=1000000000; total=1000000000"},
		"zero":           {"number=0; total=1", "number=0; total=0"},
		"negative":       {"number=-1; total=-1"},
		"twice the same": {"number=1; total=2", "number=1; total=2"},
	} {
		var b bytes.Buffer
		for i, c := range claims {
			fmt.Fprintf(&b, "From a Tue Mar  5 10:0%d:00 2024\nFrom: a@x.example\nContent-Type: message/partial; id=x; %s\n\nSubject: y\n\nz\n\n", i, c)
		}
		if steps, _ := inRange(t, b.String(), document.Range{}); len(steps) != len(claims) {
			t.Errorf("%s: %q", name, steps)
		}
	}
}
